"""A Krita plugin: signs and records each picture (PNG, JPEG, WebP, TIFF, AVIF) after it was saved or exported.

Put `genzu_signed` and `genzu_signed.desktop` into Krita's folder *pykrita*, switch it on in the plugin manager, and
say who you are under Tools, Scripts, “Signed by Genzu …”. Without a name nothing is signed, and a .kra never is.
"""

from krita import Extension, Krita

from .signing import BY_HAND, PICTURES, sign_beside

GROUP, BY = "genzu_signed", "by"


class SignedByGenzu(Extension):
    """Hears of each saved picture."""

    def setup(self):
        """Krita calls this once."""
        notifier = Krita.instance().notifier()
        notifier.setActive(True)
        notifier.imageSaved.connect(self.saved)

    def createActions(self, window):
        """The line in the menu."""
        action = window.createAction("genzu_signed_by", "Signed by Genzu …", "tools/scripts")
        action.triggered.connect(self.ask)

    def ask(self):
        """Asks who draws; empty switches the signing off."""
        from PyQt5.QtWidgets import QInputDialog

        label = "Who draws, such as “layout: Mori Aoi” (empty: nothing is signed)"
        text, agreed = QInputDialog.getText(None, "Signed by Genzu", label, text=self.by)
        if agreed:
            Krita.instance().writeSetting(GROUP, BY, text)

    @property
    def by(self):
        """Who draws."""
        return str(Krita.instance().readSetting(GROUP, BY, "") or "")

    def saved(self, path):
        """Called with the file that was saved."""
        try:
            if self.by.strip() and str(path).lower().endswith(PICTURES):
                return sign_beside(print, str(path), self.by, BY_HAND)
        except Exception as error:  # the picture is saved already, and stays so
            print(f"Genzu did not sign: {error}")
        return None


Krita.instance().addExtension(SignedByGenzu(Krita.instance()))
