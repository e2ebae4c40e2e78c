# Links, saving, embedding, offline.

carry-untitled = Untitled lab
carry-close = Close
carry-opened = Opened: { $title }
carry-take-back = Take back
carry-link-broken = The link cannot be opened.
carry-file-broken = { $file } cannot be opened.
carry-unreadable = The browser cannot read it.
carry-work-is-safe = Your lab here stays as it is.
carry-option-unknown = The address has { $name }, which does not exist. Perhaps { $similar } is meant.
carry-option-wrong = The address says { $name }={ $value }. It can be: { $values }.
carry-no-storage = This browser keeps nothing for this page. Save your lab as a file before you close it.
carry-no-room = This browser has no room left to keep this lab. Save it as a file before you close the page.
carry-evicted = { $gone ->
    [one] The oldest lab that was kept here had to make room.
   *[other] The { $gone } oldest labs that were kept here had to make room.
}
carry-elsewhere = This lab is open in another tab too. What you change here is kept as a copy, unless you take it over.
carry-taken-over = Another tab took this lab over. What you change here is kept as a copy.
carry-take-over = Take it over here
carry-broke = The page broke at your last visit. { $title } is kept and was not opened by itself.
carry-open = Open it
carry-locked = This lab is locked: you can look at it and play it, not change it.
carry-labs = Labs
carry-open-file = Open file…
carry-save = Save as file
carry-drop-hint = Or drop a file anywhere on the page.
carry-kept = Kept in this browser
carry-kept-none = Nothing yet. What you change is kept here by itself.
carry-kept-hint = Kept on this device only. Save as a file what you do not want to lose.
carry-current = open now
carry-delete = Delete
carry-delete-named = Delete { $title }
carry-delete-sure = Delete for good?

carry-share = Share
carry-share-title = Pass this lab on
carry-link = Link
carry-link-hint = { $length } characters. The lab is in the link itself; nothing is stored anywhere.
carry-link-long = { $length } characters: some chat and mail programs cut links this long. A file is safer.
carry-copy = Copy
carry-copied = Copied
carry-markdown = Markdown
carry-qr = QR code
carry-qr-name = QR code of the link
carry-qr-long = The link is too long for a QR code.
carry-embed = Embed in a page
carry-embed-frame = As a frame (works everywhere)
carry-embed-element = As an element (other scripts of the page can rule it)
carry-embed-large = This lab is too large for a link, and so for an embed. Pass it on as a file.
carry-embed-play = Plays by itself
carry-embed-start = Starts at this moment
carry-embed-lock = Locked against changes
carry-preview = Preview
carry-view = Shows
carry-view-all = picture and verdict
carry-view-canvas = picture
carry-view-ladder = ladder
carry-view-packets = packets
carry-view-verdict = verdict
carry-language = Language
carry-language-reader = the reader's
carry-theme = Theme
carry-height = Height in pixels
carry-fallback = Open in Roundtrip: { $title }
carry-in-full = Open in full ↗
carry-site-story = The story, as a post
carry-site-simulated = What is simulated, and what is not
