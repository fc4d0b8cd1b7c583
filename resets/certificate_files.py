"""What a certificate says of the Student Data Exports of the year that ended: what was made, and where it is now."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from districts.models import Product
from exports import proof
from exports.models import ExportFile
from resets.certificate_run import moment
from resets.models import Reset, ResetEvent
from resets.policy import spoken

NONE_MADE = "No Student Data Export was made of this product."
NO_FILE = "No file of the district outlived the reset."


def told(reset: Reset, *, at: datetime) -> dict[str, Any]:
    """Each product's newest export with its digest and who has it; the last export; what is left in the portal."""
    return {
        "products": [_product(reset, product) for product in _products(reset)],
        "last_export": _last_export(reset),
        "files": _files_left(reset),
    }


def proofs(reset: Reset, *, at: datetime) -> list[dict[str, Any]]:
    """What the exports prove now, for the certificate: facts, since nothing helps any more once it is read.

    Asked before anything is deleted, since it counts students.
    """
    found = proof.of(reset.district, at=at, last_chosen=reset.last_export_chosen_at is not None, advises=False)
    return [
        {
            "product": str(each.product),
            "proven": each.is_proven,
            "said": each.sentence,
            "file": each.file.pk if each.file else None,
        }
        for each in found
    ]


def _products(reset: Reset) -> list[Product]:
    """Products in use, and those that had work or an export of the year."""
    district = reset.district
    used = {Product.IMAGINE_MATH: district.uses_imagine_math, Product.MATH_FACTS: district.uses_math_facts}
    return [each for each in Product if used[each] or _proof(reset, each) or _made(reset, each).exists()]


def _made(reset: Reset, product: Product) -> QuerySet[ExportFile]:
    """Student Data Exports of the data that was deleted, whatever became of them."""
    of_product = ExportFile.objects.filter(district=reset.district, kind=ExportFile.Kind.STUDENT_DATA, product=product)
    return of_product.filter(made_at__isnull=False, generation=reset.district.gate.resets - 1)


def _product(reset: Reset, product: Product) -> dict[str, Any]:
    made = _made(reset, product)
    file = _that_counts(reset, product, made)
    return {
        "product": str(product.label),
        "made": made.count(),
        "newest": _file(file, reset) if file else None,
        "words": "" if file else NONE_MADE,
        "proof": _proof_of_last(file) if file and file.is_last else _proof(reset, product),
    }


def _that_counts(reset: Reset, product: Product, made: QuerySet[ExportFile]) -> ExportFile | None:
    """The last export, else the one that the proof speaks of, else the newest: the digest beside its own proof."""
    noted = (_noted(reset, product) or {}).get("file")
    files = list(made.order_by("-is_last", "-made_at", "-pk"))
    if files and not files[0].is_last:
        files.sort(key=lambda file: file.pk != noted)
    return files[0] if files else None


def _proof_of_last(file: ExportFile) -> dict[str, Any]:
    """What the run saw itself: it deletes nothing unless its last export has as many students as it counted."""
    said = f"The run made it before anything was deleted, with a row for each of the {file.rows:,} students it counted."
    return {"proven": True, "words": said}


def _file(file: ExportFile, reset: Reset) -> dict[str, Any]:
    zone = reset.district.zone
    return {
        "digest": file.digest,
        "rows": file.rows,
        "format": str(file.get_format_display()),
        "through": file.through.isoformat() if file.through else None,
        "through_words": spoken(file.through) if file.through else "",
        "whole": file.is_whole,
        "last_export": file.is_last,
        "made": {**moment(file.made_at, zone), "by": file.made_by} if file.made_at else None,
        "downloads": [
            {**moment(each.downloaded_at, zone), "by": each.downloaded_by}
            for each in file.downloads.order_by("downloaded_at", "pk")
        ],
        "ended": {**moment(file.ended_at, zone), "by": file.ended_by} if file.ended_at else None,
    }


def _proof(reset: Reset, product: Product) -> dict[str, Any] | None:
    """What the exports proved when the data was deleted, as the history noted it then."""
    found = _noted(reset, product)
    return {"proven": found["proven"], "words": found["said"]} if found else None


def _noted(reset: Reset, product: Product) -> dict[str, Any] | None:
    deletion = ResetEvent.objects.filter(reset_id=reset.pk, kind="destroyed").order_by("-id").first()
    noted = deletion.detail.get("proof", []) if deletion else []
    return next((each for each in noted if each["product"] == str(product)), None)


def _last_export(reset: Reset) -> dict[str, Any]:
    if reset.last_export_chosen_at is None:
        return {"chosen": False, "words": "No last export was chosen."}
    zone = reset.district.zone
    chosen = {**moment(reset.last_export_chosen_at, zone), "by": reset.last_export_chosen_by}
    return {"chosen": True, "at": chosen, "words": f"{reset.last_export_chosen_by} chose a last export."}


def _files_left(reset: Reset) -> dict[str, Any]:
    """Files of the district that can still be downloaded from the portal, and until when."""
    ready = ExportFile.objects.filter(district=reset.district).ready()
    until = max((file.lasts_until for file in ready if file.lasts_until), default=None)
    if until is None:
        return {"left": 0, "words": NO_FILE}
    number, ends = len(ready), moment(until, reset.district.zone)
    those = "1 file of the district is" if number == 1 else f"{number} files of the district are"
    words = f"{those} kept for its own people alone until {ends['words']}, and then removed."
    return {"left": number, "until": ends, "words": words}
