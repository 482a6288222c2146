"""Telling people how a run went: a digest by e-mail, a webhook, a few lines in a chat.

`mopsnb.notify.settings.NotifySetting` says whom to tell and when. `mopsnb.notify.telling.tell` does it, from a run's
folder; where a run left none, from what `mopsnb.notify.story.tell_of_refusal` makes of its error.

Importing this package is cheap; the library that delivers is loaded when something is delivered.
"""
