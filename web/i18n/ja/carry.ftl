# リンク、保存、埋め込み、オフライン

carry-untitled = 無題のラボ
carry-close = 閉じる
carry-opened = 開きました: { $title }
carry-take-back = 元に戻す
carry-link-broken = リンクを開けません。
carry-file-broken = { $file } を開けません。
carry-unreadable = ブラウザーがファイルを読み取れませんでした。
carry-work-is-safe = 作業中のラボはそのままです。
carry-option-unknown = アドレスに { $name } がありますが、そのような指定はありません。{ $similar } のことでしょうか。
carry-option-wrong = アドレスの { $name }={ $value } は使えません。指定できる値: { $values }
carry-no-storage = このブラウザーではラボを保存できません。閉じる前にファイルに保存してください。
carry-no-room = ブラウザーの保存領域に空きがなく、このラボを保存できません。閉じる前にファイルに保存してください。
carry-evicted = 空きを作るため、保存されていた古いラボを { $gone } 件削除しました。
carry-elsewhere = このラボは別のタブでも開いています。引き継がない限り、ここでの変更は別のコピーとして保存されます。
carry-taken-over = このラボは別のタブに引き継がれました。ここでの変更は別のコピーとして保存されます。
carry-take-over = このタブで引き継ぐ
carry-broke = 前回、ページが異常終了しました。「{ $title }」は保存されています (自動では開いていません)。
carry-open = 開く
carry-locked = このラボはロックされています。再生や閲覧はできますが、変更はできません。
carry-labs = ラボ
carry-open-file = ファイルを開く…
carry-save = ファイルに保存
carry-drop-hint = ファイルをページにドロップしても開けます。
carry-kept = このブラウザーに保存されているラボ
carry-kept-none = まだありません。変更すると自動的に保存されます。
carry-kept-hint = この端末にだけ保存されています。残しておきたいものはファイルにも保存してください。
carry-current = 編集中
carry-delete = 削除
carry-delete-named = 「{ $title }」を削除
carry-delete-sure = 本当に削除しますか?
