"""Well-formed documents of every format, invented, that hostile ones are made from."""

from __future__ import annotations

import json

_WORDS = (
    "The harbour council put off its vote on the new bridge on Tuesday, after two members asked for a report. "
    "“There are no grounds for a vote yet,” said Edda Marlow, who speaks for the council. "
    "She would not say when members will meet again; the mayor, Tobin Hale, said that he would wait."
)

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>Daily Herald</title><link>https://herald.example/</link><description>News &amp; views</description>
<atom:link rel="self" href="https://herald.example/feed.xml"/><ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>
<skipHours><hour>1</hour><hour>2</hour></skipHours><language>en</language><pubDate>Tue, 03 Dec 2024 08:00:00 GMT</pubDate>
<item><title>Bridge vote put off</title><link>https://herald.example/bridge?utm_source=rss</link>
<guid isPermaLink="false">herald-1</guid><pubDate>Tue, 03 Dec 2024 07:15:00 +0100</pubDate>
<dc:creator>Edda Marlow</dc:creator><author>edda@herald.example (Edda Marlow)</author><category>World</category>
<description>&lt;p&gt;The council put off its vote.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>{_WORDS}</p><p><a href="/more">More</a> <img src="a.png" alt="x"></p>]]></content:encoded>
<enclosure url="https://herald.example/a.mp3" length="1" type="audio/mpeg"/><media:thumbnail url="https://herald.example/t.png"/>
</item><item><title><![CDATA[Dam & river]]></title><link>/dam</link><guid>https://herald.example/dam</guid>
<pubDate>2024-12-02T10:00:00Z</pubDate><description>Water &#8212; much of it &nbsp; came.</description></item></channel></rss>"""

RSS_09 = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old Ledger</title><link>http://ledger.example/</link><description>Since 1999</description>
<language>en-us</language><item><title>Ferry late</title><link>http://ledger.example/ferry</link>
<description>The ferry came an hour late.</description></item></channel></rss>"""

RDF = """<?xml version="1.0" encoding="iso-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://ledger.example/"><title>Ledger</title>
<link>http://ledger.example/</link><description>x</description><items><rdf:Seq><rdf:li rdf:resource="http://ledger.example/1"/>
</rdf:Seq></items></channel><item rdf:about="http://ledger.example/1"><title>Caf\xe9 closes</title>
<link>http://ledger.example/1</link><dc:date>2024-12-01T09:00+02:00</dc:date><dc:creator>Tobin Hale</dc:creator>
<description>It closed.</description></item></rdf:RDF>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://wire.example/"><title type="html">The &lt;b&gt;Wire&lt;/b&gt;</title>
<id>urn:wire</id><updated>2024-12-03T08:00:00Z</updated><link rel="self" href="/feed"/><author><name>Desk</name></author>
<entry><id>urn:wire:1</id><title type="text">Vote &lt;put off&gt;</title><link href="bridge"/><link rel="enclosure" href="a.mp3"/>
<published>2024-12-03T07:00:00+01:00</published><updated>2024-12-03T07:30:00.123Z</updated>
<author><name>Edda Marlow</name><email>edda@wire.example</email><uri>https://wire.example/edda</uri></author>
<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Put <em>off</em>.</p></div></summary>
<content type="html">&lt;p&gt;{_WORDS}&lt;/p&gt;</content></entry>
<entry><id>urn:wire:2</id><title>Base64</title><content type="text/plain">UGxhaW4gd29yZHM=</content><updated>2024-12-02T00:00:00Z</updated></entry></feed>"""

ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old Wire</title><link rel="alternate" type="text/html" href="http://wire.example/"/>
<modified>2004-12-03T08:00:00Z</modified><entry><title mode="escaped" type="text/html">Old &amp;amp; gold</title><id>tag:wire.example,2004:1</id>
<link rel="alternate" href="http://wire.example/1"/><issued>2004-12-03T08:00:00Z</issued><modified>2004-12-03T09:00:00Z</modified>
<content mode="base64" type="text/html">PHA+V29yZHM8L3A+</content></entry></feed>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Post",
        "home_page_url": "https://post.example/",
        "authors": [{"name": "Desk"}],
        "items": [
            {
                "id": "1",
                "url": "https://post.example/1",
                "title": "Bridge & river",
                "content_html": f"<p>{_WORDS}</p>",
                "summary": "Put off.",
                "date_published": "2024-12-03T07:00:00+01:00",
                "date_modified": "2024-12-03T08:00:00Z",
                "authors": [{"name": "Edda Marlow", "url": "https://post.example/edda"}],
                "tags": ["world"],
                "attachments": [{"url": "https://post.example/a.mp3", "mime_type": "audio/mpeg"}],
            },
            {"id": 2, "content_text": "Plain words only.", "external_url": "https://other.example/"},
        ],
    }
)

_LINKED = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "WebPage",
                "name": "Bridge",
                "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": []},
            },
            {
                "@type": ["NewsArticle", "Article"],
                "headline": "Bridge vote put off",
                "datePublished": "2024-12-03T07:00:00+01:00",
                "dateModified": "2024-12-03T09:00:00+01:00",
                "author": [
                    {"@type": "Person", "name": "Edda Marlow"},
                    {"@type": "Person", "name": "Tobin Hale"},
                ],
                "publisher": {"@type": "Organization", "name": "Daily Herald"},
                "isAccessibleForFree": False,
            },
        ],
    }
)

PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Bridge vote put off | Daily Herald</title>
<link rel="canonical" href="https://herald.example/world/bridge"><meta property="og:title" content="Bridge vote put off">
<meta property="og:site_name" content="Daily Herald"><meta property="article:published_time" content="2024-12-03T07:00:00Z">
<meta name="author" content="Edda Marlow"><link rel="alternate" type="application/rss+xml" href="/feed.xml">
<script type="application/ld+json">{_LINKED}</script><script>var a = "<p>no</p>";</script><style>p {{ color: red }}</style></head>
<body><header><nav><ul><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Bridge vote put off</h1>
<p class="byline">By <a rel="author" href="/edda">Edda Marlow</a></p><time datetime="2024-12-03T07:00:00Z" itemprop="datePublished">3 Dec</time>
<figure><img src="a.jpg" alt="The bridge"><figcaption>The bridge in spring</figcaption></figure>
<p>{_WORDS}</p><blockquote><p>“Not yet,” she said.</p></blockquote><h2>What the report says</h2><ul><li>Cost</li><li>Delay</li></ul>
<table><tr><th>Year</th><td>Cost</td></tr><tr><td>2024</td><td>750</td></tr></table><p>{_WORDS}</p></article></main>
<aside><h3>Related</h3><a href="/a">Dam bursts in the hills above the town</a> <a href="/b">Strike in the port</a></aside>
<section id="comments"><div class="comment">First!</div></section><footer>© Daily Herald</footer></body></html>"""

OLD_PAGE = f"""<html><head><title>Ledger</title></head><body bgcolor=white><table width=100%><tr><td><font size=2>
<center><b>Ferry late</b></center><br>{_WORDS}<br><br>{_WORDS}<hr><a href=index.htm>Home</a></font></td></tr></table></body></html>"""

OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="World"><outline type="rss" text="Herald" xmlUrl="https://herald.example/feed.xml" htmlUrl="https://herald.example/"/>
<outline text="Near"><outline type="rss" title="Wire" xmlUrl="https://wire.example/feed"/></outline></outline></body></opml>"""

FEEDS = (*(text.encode() for text in (RSS, RSS_09, ATOM, ATOM_03, JSON_FEED)), RDF.encode("latin-1"))
PAGES = (PAGE.encode(), OLD_PAGE.encode())
LISTS = (OPML.encode(),)
EVERYTHING = (*FEEDS, *PAGES, *LISTS)
