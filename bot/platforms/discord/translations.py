"""Names and descriptions of the look-ups in other languages, as Discord shows them to whoever has set one.

What answers is English, as the articles' own words are whatever they are. What has no translation here is shown in
English, and so are the commands of those who manage a server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from discord import Locale, app_commands

Table = Mapping[str, str]

NAMES: Final[Mapping[Locale, Table]] = {
    Locale.german: {
        "digest": "überblick",
        "whosaid": "wersagte",
        "stance": "haltung",
        "actor": "akteur",
        "help": "hilfe",
        "about": "worüber",
        "target": "gegenstand",
        "since": "seit",
        "until": "bis",
        "outlet": "medium",
        "page": "seite",
        "private": "privat",
        "name": "name",
        "command": "befehl",
    },
    Locale.french: {
        "digest": "synthèse",
        "whosaid": "quiadit",
        "stance": "position",
        "actor": "acteur",
        "help": "aide",
        "about": "sujet",
        "target": "objet",
        "since": "depuis",
        "until": "avant",
        "outlet": "média",
        "page": "page",
        "private": "privé",
        "name": "nom",
        "command": "commande",
    },
    Locale.spain_spanish: {
        "digest": "resumen",
        "whosaid": "quiendijo",
        "stance": "postura",
        "actor": "actor",
        "help": "ayuda",
        "about": "sobre",
        "target": "objeto",
        "since": "desde",
        "until": "hasta",
        "outlet": "medio",
        "page": "página",
        "private": "privado",
        "name": "nombre",
        "command": "comando",
    },
    Locale.ukrainian: {
        "digest": "огляд",
        "whosaid": "хтосказав",
        "stance": "позиція",
        "actor": "діяч",
        "help": "довідка",
        "about": "про",
        "target": "предмет",
        "since": "від",
        "until": "до",
        "outlet": "видання",
        "page": "сторінка",
        "private": "приватно",
        "name": "особа",
        "command": "команда",
    },
}
"""Of commands and of their options."""

DESCRIPTIONS: Final[Mapping[Locale, Table]] = {
    Locale.german: {
        "The stories of a time: what is new, and who said what": "Was es Neues gibt, und wer was gesagt hat",
        "Who said what, in the articles' own words, newest first": (
            "Wer was gesagt hat, im Wortlaut der Artikel, Neuestes zuerst"
        ),
        "Who someone is: names, whom they speak for, and what they said last": (
            "Wer jemand ist: Namen, für wen gesprochen wird, die letzten Aussagen"
        ),
        "What can be asked, and how times are written": "Was man fragen kann und wie man Zeiten schreibt",
        "Who is for or against what, since when, and in which words": (
            "Wer wofür oder wogegen ist, seit wann, und in welchen Worten"
        ),
        "Whose positions; leave it out for everybody's": "Wessen Haltung; weglassen für alle",
        "What they are about; leave it out for all that is known": (
            "Wozu; weglassen für alles, was bekannt ist"
        ),
        "Words that the stories are about": "Wörter, um die es in den Meldungen geht",
        "Words that the statements are about": "Wörter, um die es in den Aussagen geht",
        "Someone who speaks in the stories": "Jemand, der in den Meldungen zu Wort kommt",
        "Who said it; leave it out to ask who said something": (
            "Wer es gesagt hat; weglassen, um nach dem Sprecher zu fragen"
        ),
        "Only this outlet's articles": "Nur Artikel dieses Mediums",
        "In which outlet": "In welchem Medium",
        "Whether only you see the answer": "Ob nur du die Antwort siehst",
        "A person, a body or a state": "Eine Person, eine Behörde oder ein Staat",
        "One command, to see more about it": "Ein Befehl, um mehr über ihn zu erfahren",
    },
    Locale.french: {
        "The stories of a time: what is new, and who said what": "Les nouvelles d’une période, et qui a dit quoi",
        "Who said what, in the articles' own words, newest first": (
            "Qui a dit quoi, dans les mots des articles, du plus récent au plus ancien"
        ),
        "Who someone is: names, whom they speak for, and what they said last": (
            "Qui est quelqu’un : ses noms, pour qui il parle, ses derniers propos"
        ),
        "What can be asked, and how times are written": "Ce qu’on peut demander, et comment écrire les dates",
        "Who is for or against what, since when, and in which words": (
            "Qui est pour ou contre quoi, depuis quand et dans quels mots"
        ),
        "Whose positions; leave it out for everybody's": (
            "Les positions de qui ; à laisser vide pour tout le monde"
        ),
        "What they are about; leave it out for all that is known": (
            "Sur quoi ; à laisser vide pour tout ce qui est connu"
        ),
        "Words that the stories are about": "Mots dont parlent les nouvelles",
        "Words that the statements are about": "Mots dont parlent les propos",
        "Someone who speaks in the stories": "Quelqu’un qui s’exprime dans les nouvelles",
        "Who said it; leave it out to ask who said something": (
            "Qui l’a dit ; à laisser vide pour demander qui l’a dit"
        ),
        "Only this outlet's articles": "Seulement les articles de ce média",
        "In which outlet": "Dans quel média",
        "Whether only you see the answer": "Si vous seul voyez la réponse",
        "A person, a body or a state": "Une personne, un organisme ou un État",
        "One command, to see more about it": "Une commande, pour en savoir plus",
    },
    Locale.spain_spanish: {
        "The stories of a time: what is new, and who said what": "Las novedades de un período y quién dijo qué",
        "Who said what, in the articles' own words, newest first": (
            "Quién dijo qué, con las palabras de los artículos, lo más reciente primero"
        ),
        "Who someone is: names, whom they speak for, and what they said last": (
            "Quién es alguien: nombres, por quién habla y lo último que dijo"
        ),
        "What can be asked, and how times are written": "Qué se puede preguntar y cómo se escriben las fechas",
        "Who is for or against what, since when, and in which words": (
            "Quién está a favor o en contra de qué, desde cuándo y con qué palabras"
        ),
        "Whose positions; leave it out for everybody's": (
            "Las posturas de quién; déjalo vacío para las de todos"
        ),
        "What they are about; leave it out for all that is known": (
            "Sobre qué; déjalo vacío para todo lo que se sabe"
        ),
        "Words that the stories are about": "Palabras de las que tratan las noticias",
        "Words that the statements are about": "Palabras de las que tratan las declaraciones",
        "Someone who speaks in the stories": "Alguien que habla en las noticias",
        "Who said it; leave it out to ask who said something": (
            "Quién lo dijo; déjalo vacío para preguntar quién dijo algo"
        ),
        "Only this outlet's articles": "Solo artículos de este medio",
        "In which outlet": "En qué medio",
        "Whether only you see the answer": "Si solo tú ves la respuesta",
        "A person, a body or a state": "Una persona, un organismo o un Estado",
        "One command, to see more about it": "Un comando, para saber más de él",
    },
    Locale.ukrainian: {
        "The stories of a time: what is new, and who said what": "Новини за певний час: що нового і хто що сказав",
        "Who said what, in the articles' own words, newest first": (
            "Хто що сказав, словами самих статей, спершу найновіше"
        ),
        "Who someone is: names, whom they speak for, and what they said last": (
            "Хто це: імена, від чийого імені говорить, останні заяви"
        ),
        "What can be asked, and how times are written": "Що можна запитати і як записувати час",
        "Who is for or against what, since when, and in which words": (
            "Хто за що або проти чого, відколи і якими словами"
        ),
        "Whose positions; leave it out for everybody's": "Чиї позиції; не вказуйте, щоб побачити всіх",
        "What they are about; leave it out for all that is known": (
            "Про що; не вказуйте, щоб побачити все відоме"
        ),
        "Words that the stories are about": "Слова, про які йдеться в новинах",
        "Words that the statements are about": "Слова, про які йдеться в заявах",
        "Someone who speaks in the stories": "Хтось, чиї слова є в новинах",
        "Who said it; leave it out to ask who said something": "Хто це сказав; не вказуйте, щоб про це запитати",
        "Only this outlet's articles": "Лише статті цього видання",
        "In which outlet": "У якому виданні",
        "Whether only you see the answer": "Чи бачите відповідь лише ви",
        "A person, a body or a state": "Особа, установа або держава",
        "One command, to see more about it": "Одна команда, щоб дізнатися про неї більше",
    },
}
"""By the English description."""

_NAMED = (
    app_commands.TranslationContextLocation.command_name,
    app_commands.TranslationContextLocation.parameter_name,
)
_LIKE: Final[Mapping[Locale, Locale]] = {Locale.latin_american_spanish: Locale.spain_spanish}


class Translations(app_commands.Translator):
    """Looks up the tables; what is not in them stays English."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The words in that language; None where there are none."""
        if _is_for_managers(context):
            return None
        table = NAMES if context.location in _NAMED else DESCRIPTIONS
        return table.get(_LIKE.get(locale, locale), {}).get(string.message)


def _is_for_managers(context: app_commands.TranslationContextTypes) -> bool:
    """Whether it is of a group: those are the commands that manage a server, and they stay as the guide has them."""
    command = context.data.command if isinstance(context.data, app_commands.Parameter) else context.data
    return isinstance(command, app_commands.Group) or getattr(command, "parent", None) is not None
