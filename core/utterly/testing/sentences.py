"""A short sentence in each of many languages, for engines to say."""

# ruff: noqa: RUF001  # letters of other alphabets are meant
from __future__ import annotations

DIGITS = "1 2 3"
"""What is said where there is no sentence: every language reads digits."""

SENTENCES: dict[str, str] = {
    "af": "Die kat slaap op die warm stoep.",
    "am": "ዛሬ ጥሩ ቀን ነው።",
    "ar": "القطة تنام في الشمس.",
    "az": "Pişik pəncərənin yanında yatır.",
    "be": "Кот спіць каля акна.",
    "bg": "Котката спи до прозореца.",
    "bn": "আজ আকাশ খুব সুন্দর।",
    "bs": "Mačka spava pored prozora.",
    "ca": "El gat dorm al costat de la finestra.",
    "chr": "ᎣᏏᏲ, ᏙᎯᏧ?",
    "cs": "Kočka spí vedle okna.",
    "cv": "Салам, тӗнче.",
    "cy": "Mae'r gath yn cysgu wrth y ffenestr.",
    "da": "Katten sover ved vinduet.",
    "de": "Die Katze schläft am Fenster.",
    "el": "Η γάτα κοιμάται δίπλα στο παράθυρο.",
    "en": "The cat sleeps by the window.",
    "eo": "La kato dormas apud la fenestro.",
    "es": "El gato duerme junto a la ventana.",
    "et": "Kass magab akna all.",
    "eu": "Katua leihoaren ondoan lo dago.",
    "fa": "گربه کنار پنجره خوابیده است.",
    "fi": "Kissa nukkuu ikkunan vieressä.",
    "fil": "Natutulog ang pusa sa tabi ng bintana.",
    "fr": "Le chat dort près de la fenêtre.",
    "ga": "Tá an cat ina chodladh.",
    "gd": "Tha an cat na chadal.",
    "gl": "O gato dorme ao lado da fiestra.",
    "gu": "આજે આકાશ ખૂબ સુંદર છે.",
    "he": "החתול ישן ליד החלון.",
    "hi": "आज आसमान बहुत सुंदर है।",
    "hr": "Mačka spava pokraj prozora.",
    "hu": "A macska az ablak mellett alszik.",
    "hy": "Կատուն քնում է պատուհանի մոտ։",
    "id": "Kucing itu tidur di dekat jendela.",
    "is": "Kötturinn sefur við gluggann.",
    "it": "Il gatto dorme vicino alla finestra.",
    "ja": "ねこが まどの そばで ねています。",
    "ka": "კატა ფანჯარასთან სძინავს.",
    "kk": "Мысық терезенің жанында ұйықтап жатыр.",
    "kn": "ಇಂದು ಆಕಾಶ ತುಂಬಾ ಸುಂದರವಾಗಿದೆ.",
    "ko": "고양이가 창가에서 자고 있어요.",
    "ky": "Мышык терезенин жанында уктап жатат.",
    "la": "Feles prope fenestram dormit.",
    "lt": "Katė miega prie lango.",
    "lv": "Kaķis guļ pie loga.",
    "mk": "Мачката спие до прозорецот.",
    "ml": "ഇന്ന് ആകാശം വളരെ മനോഹരമാണ്.",
    "mr": "आज आकाश खूप सुंदर आहे.",
    "ms": "Kucing itu tidur di tepi tingkap.",
    "mt": "Il-qattus rieqed ħdejn it-tieqa.",
    "my": "ကြောင်လေး အိပ်နေတယ်။",
    "nb": "Katten sover ved vinduet.",
    "ne": "आज आकाश धेरै राम्रो छ।",
    "nl": "De kat slaapt bij het raam.",
    "nn": "Katten søv ved vindauget.",
    "no": "Katten sover ved vinduet.",
    "pa": "ਅੱਜ ਅਸਮਾਨ ਬਹੁਤ ਸੋਹਣਾ ਹੈ।",
    "pl": "Kot śpi przy oknie.",
    "pt": "O gato dorme perto da janela.",
    "ro": "Pisica doarme lângă fereastră.",
    "ru": "Кошка спит у окна.",
    "si": "අද අහස හරිම ලස්සනයි.",
    "sjn": "Mae govannen, mellon nin.",
    "sk": "Mačka spí pri okne.",
    "sl": "Mačka spi ob oknu.",
    "sq": "Macja fle pranë dritares.",
    "sr": "Мачка спава поред прозора.",
    "sv": "Katten sover vid fönstret.",
    "sw": "Paka analala karibu na dirisha.",
    "ta": "இன்று வானம் மிகவும் அழகாக இருக்கிறது.",
    "te": "ఈరోజు ఆకాశం చాలా అందంగా ఉంది.",
    "th": "แมวนอนอยู่ข้างหน้าต่าง",
    "tr": "Kedi pencerenin yanında uyuyor.",
    "tt": "Песи тәрәзә янында йоклый.",
    "uk": "Кіт спить біля вікна.",
    "ur": "بلی کھڑکی کے پاس سو رہی ہے۔",
    "uz": "Mushuk deraza yonida uxlayapti.",
    "vi": "Con mèo ngủ bên cửa sổ.",
    "yue": "隻貓喺窗邊瞓覺。",
    "zh": "猫在窗边睡觉。",
    "zu": "Ikati lilele eduze kwefasitela.",
}
"""By the first subtag of the language; Japanese in kana, which needs no dictionary."""


def sentence_in(language: str) -> str:
    """A sentence in a language, or the digits 1 to 3.

    Args:
        language: BCP 47 tag; only its first subtag counts.
    """
    return SENTENCES.get(language.lower().replace("_", "-").split("-")[0], DIGITS)
