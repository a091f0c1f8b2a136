"""A data set of the Hugging Face hub as the place that a backup goes on to."""

from collections.abc import Iterable
from pathlib import Path

from provenance.errors import StatementError
from provenance.ledger.copies.export import PRIVATE

HUB = "hf://datasets/"


class Hub:
    """A private data set of the Hugging Face hub. What was erased is taken out of its history too."""

    def __init__(self, repository: str) -> None:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
        from huggingface_hub.utils import validate_repo_id

        try:
            validate_repo_id(repository)
        except HFValidationError as error:
            raise StatementError(f"GENZU_BACKUP={HUB}{repository} names no data set: {error}") from error
        self._api = HfApi()
        # Its own errors, and those of the HTTP client that this version of it is built on.
        client = [each for each in HfHubHTTPError.__mro__ if each.__name__ == "HTTPError"]
        self._errors: tuple[type[Exception], ...] = (HfHubHTTPError, *client, OSError)
        self.repository = repository

    def fetch(self, folder: Path) -> None:
        try:
            self._api.create_repo(self.repository, repo_type="dataset", private=True, exist_ok=True)
            self._api.snapshot_download(self.repository, repo_type="dataset", local_dir=folder)
        except self._errors as error:
            raise OSError(f"the hub did not answer: {error}") from error

    def send(self, folder: Path, names: Iterable[str]) -> None:
        listed = list(names)
        try:
            self._api.upload_folder(
                repo_id=self.repository,
                repo_type="dataset",
                folder_path=folder,
                allow_patterns=listed,
                commit_message=f"{len(listed)} files of the ledger",
            )
            if PRIVATE in listed:
                self._api.super_squash_history(self.repository, repo_type="dataset")
        except self._errors as error:
            raise OSError(f"the hub did not answer: {error}") from error
