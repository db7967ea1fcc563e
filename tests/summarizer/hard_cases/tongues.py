"""Signs outside the plain alphabet, whose offsets must hold, and texts in other languages."""

from __future__ import annotations

from tests.summarizer.hard_cases.rows import Row, direct, indirect, mixed, row

ROWS: tuple[Row, ...] = (
    row(
        "signs/emoji",
        "“The dam is empty 😀💧,” Lena Horvat said.",
        direct("“The dam is empty 😀💧,”", "Lena Horvat", "said"),
    ),
    row(
        "signs/emoji before the quotation",
        "😀😀😀 “The dam is empty,” Lena Horvat said.",
        direct("“The dam is empty,”", "Lena Horvat", "said"),
    ),
    row(
        "signs/family emoji and a skin tone",
        "“Thank you 👩‍👩‍👧 👍🏽 for the water,” Lena Horvat said.",
        direct("“Thank you 👩‍👩‍👧 👍🏽 for the water,”", "Lena Horvat", "said"),
    ),
    row(
        "signs/combining accents",
        "“The cafe\u0301 is open,” Lena Horvat said.",
        direct("“The cafe\u0301 is open,”", "Lena Horvat", "said"),
    ),
    row(
        "signs/combining accent in the name",
        "“The café is open,” Rene\u0301e Horvat said.",
        direct("“The café is open,”", "Rene\u0301e Horvat", "said"),
    ),
    row(
        "signs/signs of two code units before",
        "𝔇𝔞𝔪. Lena Horvat said the dam was empty.",
        indirect("the dam was empty", "Lena Horvat", "said"),
    ),
    row(
        "signs/letters that grow in upper case",
        "“The ﬁrst Straße is wet,” Lena Horvat said. İ and ı stayed dry.",
        direct("“The ﬁrst Straße is wet,”", "Lena Horvat", "said"),
    ),
    row(
        "signs/zero-width space",
        "“The\u200b dam is empty,” Lena Horvat said.",
        direct("“The\u200b dam is empty,”", "Lena Horvat", "said"),
    ),
    row(
        "signs/right-to-left words in the quotation",
        "“They wrote سلام on the wall,” Lena Horvat said.",
        direct("“They wrote سلام on the wall,”", "Lena Horvat", "said"),
    ),
    row(
        "signs/foreign words in narration",
        "Lena Horvat called the plan a “Schnapsidee”.",
        mixed("the plan a “Schnapsidee”", "Lena Horvat", "called"),
    ),
    row(
        "signs/foreign quotation in an English text",
        "“Je ne regrette rien,” Lena Horvat said before the council of the town.",
        direct("“Je ne regrette rien,”", "Lena Horvat", "said"),
    ),
    row(
        "languages/German",
        "Der Damm ist seit Mai leer, und die Leute in der Stadt sind wütend."
        " „Wir haben seit Mai kein Wasser“, sagte Lena Horvat.",
        direct("„Wir haben seit Mai kein Wasser“"),
        flags="language",
    ),
    row(
        "languages/French",
        "Le barrage est vide depuis le mois de mai et les habitants de la ville sont en colère."
        " « Nous n’avons plus d’eau depuis mai », a dit Lena Horvat.",
        direct("« Nous n’avons plus d’eau depuis mai »"),
        flags="language",
    ),
    row(
        "languages/Spanish",
        "La presa está vacía desde mayo y los vecinos de la ciudad no están contentos con el alcalde."
        " «No tenemos agua desde el mes de mayo», dijo Lena Horvat.",
        direct("«No tenemos agua desde el mes de mayo»"),
        flags="language",
    ),
    row(
        "languages/Ukrainian",
        "Гребля порожня з травня, і жителі міста не задоволені, але що робити, ніхто не знає."
        " «Ми не маємо води з самого травня», — сказала Олена Горват.",
        direct("«Ми не маємо води з самого травня»"),
        flags="language",
    ),
    row(
        "languages/no quotation",
        "Der Damm ist seit Mai leer, und die Leute in der Stadt sind wütend auf den Rat.",
        flags="language",
    ),
    row(
        "languages/a term in marks is no speech",
        "Der Damm ist seit Mai leer, und die Leute in der Stadt nennen ihn „Badewanne“, weil er so klein ist.",
        flags="language",
    ),
    row(
        "languages/quotation over two paragraphs",
        "Der Damm ist seit Mai leer, und die Leute in der Stadt sind wütend auf den Rat.\n\n"
        "„Wir haben seit Mai kein Wasser mehr.\n\n„Und niemand sagt uns, warum das so ist.“",
        direct("„Wir haben seit Mai kein Wasser mehr. | „Und niemand sagt uns, warum das so ist.“"),
        flags="language",
    ),
)
