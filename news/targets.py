"""Targets: what positions are about, each with wordings of being for it and of being against it."""

from __future__ import annotations

from dataclasses import dataclass

from news.channels import WorkspaceId


@dataclass(frozen=True, slots=True)
class Target:
    """Something that one can be for or against."""

    name: str
    description: str = ""
    supporting: tuple[str, ...] = ()
    """Wordings of being for it: `join the alliance`."""
    opposing: tuple[str, ...] = ()
    """Wordings of being against it: `stay out of the alliance`."""
    owner: WorkspaceId | None = None
    """Whose own it is; None for one that is built in."""


BUILT_IN: tuple[Target, ...] = (
    Target(
        "negotiations now",
        "Holding peace negotiations between the warring sides now, without waiting.",
        (
            "hold peace talks",
            "start negotiations",
            "sit down at the negotiating table",
            "resume the talks",
            "end the war through diplomacy",
            "a dialogue with the other side",
        ),
        (
            "no grounds for negotiations",
            "break off the talks",
            "suspend the negotiations",
            "talks are pointless",
        ),
    ),
    Target(
        "ending the war",
        "Bringing the war to an early end.",
        ("end the war", "stop the fighting", "an early end to the conflict", "a just and lasting peace"),
        ("continue the war", "fight on", "prolong the war", "press on with the offensive"),
    ),
    Target(
        "ceasefire before talks",
        "A ceasefire or a withdrawal of troops before negotiations begin.",
        (
            "a ceasefire before negotiations",
            "an immediate ceasefire",
            "a truce as a first step",
            "withdrawal of troops before talks",
        ),
        ("no ceasefire before a settlement", "talks while the fighting goes on", "reject a truce"),
    ),
    Target(
        "recognition of annexed territory",
        "Recognising one state's control over territory that it took from another.",
        (
            "recognise the annexed regions",
            "accept the new territorial realities",
            "cede territory",
            "give up the occupied regions",
            "recognition of territorial changes",
        ),
        (
            "not accept the loss of territory",
            "restore territorial integrity",
            "return the occupied territory",
            "withdraw from the occupied regions",
        ),
    ),
    Target(
        "alliance membership",
        "A state's joining a military alliance.",
        (
            "join the alliance",
            "accession to the alliance",
            "an invitation to join",
            "membership of the alliance",
        ),
        ("stay out of the alliance", "remain neutral", "delay membership", "abandon its ambition to join"),
    ),
    Target(
        "foreign troops",
        "Sending other states' forces into the country at war.",
        ("deploy foreign forces", "send peacekeepers", "boots on the ground", "a reassurance force"),
        ("no foreign troops", "withdraw the foreign forces", "send no soldiers"),
    ),
    Target(
        "military aid",
        "Giving a side of the war weapons and military support.",
        (
            "send weapons",
            "approve a military aid package",
            "supply ammunition",
            "arms deliveries",
            "support the armed forces",
        ),
        ("halt arms deliveries", "cut military aid", "stop sending weapons", "abandon arms purchases"),
    ),
    Target(
        "long-range strikes",
        "Letting a side of the war strike deep inside the other's territory with weapons that it was given.",
        ("allow strikes deep inside the territory", "lift restrictions on long-range missiles"),
        ("forbid strikes inside the territory", "keep the limits on long-range weapons"),
    ),
    Target(
        "sanctions",
        "Imposing economic sanctions on a state at war.",
        ("impose sanctions", "tighten the sanctions", "an embargo", "freeze its assets"),
        ("lift the sanctions", "ease sanctions", "sanctions relief"),
    ),
    Target(
        "mediation",
        "A third state's mediating between the sides or hosting their talks.",
        ("mediate between the sides", "host the talks", "offer its good offices", "broker an agreement"),
        ("reject a mediator", "end its mediation"),
    ),
    Target(
        "prisoner exchange",
        "Exchanging prisoners of war.",
        ("exchange prisoners", "a prisoner swap", "release captured soldiers"),
        ("refuse to exchange prisoners", "halt prisoner swaps"),
    ),
    Target(
        "meeting of leaders",
        "A meeting between the leaders of the sides.",
        ("meet face to face", "a summit of the presidents", "direct talks between the leaders"),
        ("refuse to meet", "no point in a summit"),
    ),
    Target(
        "security guarantees",
        "Guarantees by other states for a side's security after the war.",
        ("give security guarantees", "post-war security commitments", "guarantee its security"),
        ("no security guarantees",),
    ),
    Target(
        "humanitarian access",
        "Letting aid reach the people in the war zone, and letting them leave.",
        (
            "open a humanitarian corridor",
            "let aid convoys through",
            "a humanitarian pause",
            "evacuate civilians",
        ),
        ("block aid deliveries", "close the crossing"),
    ),
    Target(
        "war crimes trials",
        "Prosecuting crimes of the war before a court.",
        ("a special tribunal", "prosecute war crimes", "hold the perpetrators to account"),
        ("an amnesty", "drop the prosecution", "reject the court's warrant"),
    ),
)
"""For armed conflict and negotiation, whoever the parties are."""
