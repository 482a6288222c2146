"""The words that a page uses are explained on it, and the glossary's page says the same."""

import re

from mopsnb.run.glossary import describe_glossary, find_words
from mopsnb.run.words import WORDS


def list_terms(page):
    return [word.term for word in find_words(page)]


def test_the_page_of_documentation_is_the_module(repository):
    """docs/glossary.md is written anew with: python -m mopsnb.run.glossary > docs/glossary.md."""
    assert (repository / "docs" / "glossary.md").read_text(encoding="utf-8") == describe_glossary()
    assert list(WORDS) == sorted(WORDS, key=str.casefold)


def test_words_are_found_in_every_form_and_in_text_alone():
    page = "<p title='baseline'>Two MQLs were overdue.</p><script>channel</script><p>The p90 &amp; the Intervals</p>"
    assert list_terms(page) == ["interval", "marketing qualified lead (MQL)", "overdue", "p50, p90"]


def test_a_part_of_a_word_or_an_everyday_word_is_no_term():
    assert list_terms("<p>She leads; we need to run on a noiseless channelled step.</p>") == ["lead"]


def test_the_longer_term_wins():
    assert list_terms("<p>The target path</p>") == ["target path"]


def test_meanings_carry_no_marks_of_code_and_no_link():
    assert not [word for word in find_words(" ".join(WORDS)) if re.search(r"`|\]\(", word.meaning)]


def test_each_page_of_a_report_explains_its_words(sample_report):
    pages = {name: (sample_report / f"{name}.html").read_text(encoding="utf-8") for name in ("goals", "metrics")}
    for page in pages.values():
        part = re.search(
            r'<section class="made words" aria-labelledby="words-on-this-page">.*?</section>', page, re.DOTALL
        )
        terms = re.findall(r"<dt>(.*?)</dt>", part[0])
        assert {"forecast", "interval"} <= set(terms)
        assert 'href="#words-on-this-page"' in page
    assert "<dt>season</dt>" in pages["metrics"]
    assert "<dt>driver tree</dt>" not in pages["metrics"]
