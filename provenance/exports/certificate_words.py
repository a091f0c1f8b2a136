"""The certificate's own words in the languages of a roll; what stands in the record is told as it was written."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Certificate of credits",
        "count": "Pictures: {count}, in the ledger {ledger} as it stood with {size} entries.",
        "picture": "Picture",
        "role": "Role",
        "released": "Released",
        "before": "AI before",
        "itself": "This step",
        "after": "AI after",
        "none": "none on record",
        "later": "Made later with these pictures",
        "later_words": "These pictures were made with the ones above. This person has no credit on them.",
        "from": "From",
        "made": "Who made it",
        "proves": "What this proves, and what not",
        "receipts": (
            "The receipts (receipts/*.tlog-proof, from genzu certificate) show that these entries stood in the ledger "
            "when it signed the checkpoint below. They are checked without the ledger and without a network: genzu "
            "receipt verify FILE. If the ledger says something else later, genzu receipt compare FILE shows the "
            "correction, or that it was rewritten."
        ),
        "kept": (
            "Which production, episode and shot these pictures belong to stays with the keeper of the record, and so "
            "do the receipts that say it: ask there for the whole certificate."
        ),
        "limits": (
            "That an entry stood there does not prove that it was true: the keeper of the ledger wrote it. What files "
            "say that were handed out before a correction stays in them. Hours and shares are claims. Pictures whose "
            "file names a person otherwise are not in the certificate of their own name."
        ),
        "page": "Page",
        "checkpoint": "Checkpoint",
        "key": "Key",
        "qr_page": "QR code: the address of a page about this",
        "qr_checkpoint": "QR code: the checkpoint printed below",
        "with": "AI step {picture} with {model}",
        "without": "AI step {picture}",
    },
    "ja": {
        "title": "クレジット証明書",
        "count": "台帳 {ledger} に記録された {count} 件の画像（項目数 {size} の時点）。",
        "picture": "画像",
        "role": "役割",
        "released": "書き出し日",
        "before": "前工程のAI",
        "itself": "この工程",
        "after": "後工程のAI",
        "none": "記録なし",
        "later": "これらの画像を使って後に作られた画像",
        "later_words": "上の画像を使って作られた画像です。この方のクレジットはありません。",
        "from": "元の画像",
        "made": "制作",
        "proves": "この書面が証明すること、しないこと",
        "receipts": (
            "受領証（receipts/*.tlog-proof、genzu certificate が書き出す）は、下記のチェックポイントに署名した時点で、"
            "これらの項目が台帳にあったことを示します。台帳もネットワークもなしに確かめられます："
            "genzu receipt verify FILE。"
            "後に台帳の内容が変わった場合は、genzu receipt compare FILE が訂正、または書き換えられたことを示します。"
        ),
        "kept": (
            "これらの画像がどの作品・話数・カットのものかは、台帳の管理者のもとに留まります。それが書かれた受領証も同じです。"
            "すべてが入った証明書は、管理者にお求めください。"
        ),
        "limits": (
            "項目があったことは、その内容が真実であることの証明ではありません。書いたのは台帳の管理者です。"
            "訂正前に渡されたファイルの記載はそのまま残ります。作業時間と分担は申告によるものです。"
            "ファイルに別の名前で記載された画像は、本来の名前の証明書には含まれません。"
        ),
        "page": "ページ",
        "checkpoint": "チェックポイント",
        "key": "公開鍵",
        "qr_page": "QRコード：このページのアドレス",
        "qr_checkpoint": "QRコード：下記のチェックポイント",
        "with": "AI工程 {picture}（{model}）",
        "without": "AI工程 {picture}",
    },
}
