"""Addresses of this room, below `/w/<workspace>/`."""

from django.urls import URLPattern, path

from planner.posts.views import creating, deciding, holding, keeping, listing, page, planning, sample, talking, writing

urlpatterns: list[URLPattern] = [
    path("", listing.index, name="list"),
    path("new/", creating.new, name="new"),
    path("new/keep/", creating.keep_answers, name="keep_answers"),
    path("new/<int:application>/discard/", creating.discard_answers, name="discard_answers"),
    path("sample/add/", sample.add_sample, name="add_sample"),
    path("sample/remove/", sample.remove_sample, name="remove_sample"),
    path("<int:post>/", page.detail, name="detail"),
    path("<int:post>/frame/", writing.edit_frame, name="edit_frame"),
    path("<int:post>/text/<slug:code>/", writing.edit_text, name="edit_text"),
    path("<int:post>/text/<slug:code>/kept/", writing.kept_typing, name="kept_typing"),
    path("<int:post>/text/<slug:code>/keep/", writing.keep_typing, name="keep_typing"),
    path("<int:post>/text/<slug:code>/discard/", writing.discard_typing, name="discard_typing"),
    path("<int:post>/move/", planning.move, name="move"),
    path("<int:post>/people/", planning.people, name="people"),
    path("<int:post>/channels/", planning.add_placement, name="add_placement"),
    path("<int:post>/items/<int:item>/unpin/", planning.unpin, name="unpin"),
    path("<int:post>/hold/", holding.hold, name="hold"),
    path("<int:post>/hold/<int:hold>/decide/", holding.release, name="release"),
    path("<int:post>/do/<slug:event>/", deciding.transition, name="transition"),
    path("<int:post>/placements/<int:placement>/record/", deciding.record, name="record"),
    path("<int:post>/placements/<int:placement>/cancel/", planning.cancel_placement, name="cancel_placement"),
    path("<int:post>/placements/<int:placement>/text/<slug:code>/", writing.placement_text, name="placement_text"),
    path("<int:post>/comments/", talking.comment, name="comment"),
    path("<int:post>/files/", talking.upload, name="upload"),
    path("<int:post>/files/<int:upload>/", talking.file, name="file"),
    path("<int:post>/files/<int:upload>/describe/", talking.describe, name="describe"),
    path("<int:post>/files/<int:upload>/remove/", talking.remove_file, name="remove_file"),
    path("<int:post>/consents/", talking.give_consent, name="give_consent"),
    path("<int:post>/consents/<int:consent>/withdraw/", talking.withdraw_consent, name="withdraw_consent"),
    path("<int:post>/revisions/", keeping.revisions, name="revisions"),
    path("<int:post>/revisions/<int:number>/restore/", keeping.restore, name="restore"),
]
