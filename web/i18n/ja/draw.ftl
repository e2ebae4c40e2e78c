# 描画：ツール、アウトライン、選択

## Changes, after “Undo:”

drawn-new = 白紙から始める
drawn-tidy = 自動整列
drawn-add = { $thing } の追加
drawn-move = { $thing } の移動
drawn-resize = { $thing } のサイズ変更
drawn-rename = { $thing } の名前変更
drawn-subnet = { $thing } のサブネット変更
drawn-renumber = { $thing } のアドレス振り直し
drawn-connect = { $thing } の接続
drawn-move-cable = { $thing } のつなぎ替え
drawn-unplug = { $thing } の取り外し
drawn-delete = { $thing } の削除
drawn-cut = { $thing } の切り取り
drawn-duplicate = { $thing } の複製
drawn-paste = { $thing } の貼り付け
drawn-align = { $thing } の整列
drawn-distribute = { $thing } の等間隔配置
drawn-gateway = { $thing } のゲートウェイ変更
things = { $count } 個の要素
a-segment = セグメント
cable-of = { $device } のケーブル（{ $interface }）

## Parts

rail-name = ツール
menu-name = 操作
name-input = 名前
several-name = 選択中の要素
cancel = キャンセル
new-sheet = 新規
new-sheet-title = 白紙から始めます。「元に戻す」で今のラボに戻れます。
done = 完了: { $change }
cable-name = ケーブル: { $device } { $interface } { $address } から { $segment } へ
help-picture = ネットワーク図で要素を選択し、そこにフォーカスがあるとき
help-hands = ホイール: 拡大・縮小。スペース＋ドラッグ、または中ボタン: 表示位置の移動。Shift＋クリック: 追加選択。ドラッグ中の Alt: グリッドに吸着しない。右クリックまたは長押し: メニュー。

## What keys and menus do

act-tool-select = 選択
act-tool-segment = セグメント
act-tool-host = ホスト
act-tool-router = ルーター
act-tool-l3-switch = L3 スイッチ
act-tool-firewall = ファイアウォール
act-tool-internet = インターネット
act-connect = ケーブルで接続
act-gateway = ゲートウェイを指定
act-place = 選んだツールの要素を配置
act-name = 名前を変更
act-select-all = すべて選択
act-copy = コピー
act-cut = 切り取り
act-paste = 貼り付け
act-duplicate = 複製
act-delete = 削除
act-nudge-left = 左へ移動
act-nudge-right = 右へ移動
act-nudge-up = 上へ移動
act-nudge-down = 下へ移動
act-push-left = 左へ大きく移動
act-push-right = 右へ大きく移動
act-push-up = 上へ大きく移動
act-push-down = 下へ大きく移動
act-align-left = 左端をそろえる
act-align-centre = 左右中央をそろえる
act-align-right = 右端をそろえる
act-align-top = 上端をそろえる
act-align-middle = 上下中央をそろえる
act-align-bottom = 下端をそろえる
act-spread-across = 左右等間隔に並べる
act-spread-down = 上下等間隔に並べる
act-tidy = 自動整列
act-menu = 選択中の要素のメニュー
act-outline = アウトライン（テキスト表示）

## Hints and notices

hint-select = クリックで選択、ドラッグで移動します。
hint-segment = ドラッグまたはクリックでセグメントを引きます。Enter で自動配置、Esc で取り消し。
hint-device = 置きたい場所をクリックします。セグメント上に置くとケーブルもつながります。Enter で自動配置、Esc で取り消し。
hint-cable = 機器からセグメントまたは別の機器へ、ドラッグするか順にクリックします。Esc で取り消し。
hint-gateway = 機器から、ゲートウェイにするルーターへドラッグするか順にクリックします。Esc で取り消し。
notice-no-shared-segment = { $host } と { $router } は同じセグメントにないため、ゲートウェイにできません。先に接続してください。
notice-gateway-is-device = ゲートウェイの矢印は機器から機器へ引きます。
notice-cable-needs-device = ケーブルは機器からセグメントまたは別の機器へ引きます。
notice-copied = { $count } 個の要素をコピーしました。
notice-paste-foreign = クリップボードの内容はこのページでコピーしたものではないため、貼り付けられません。ネットワーク図の要素を選択してコピーしてください。
notice-paste-newer = クリップボードの内容は、このページより新しいバージョンでコピーされています。ページを再読み込みしてください。
notice-paste-empty = クリップボードに、図に貼り付けられるものがありません。
notice-paste-damaged = クリップボードの内容が壊れています。{ $problem }
notice-nothing-to-connect = 接続できる相手がまだありません。先にセグメントを引いてください。
notice-full = ラボの大きさが上限に達しています。

## A blank sheet

empty-title = 白紙
empty-text = 3 ステップでネットワークを描けます。
empty-segment = 1. セグメントを引く
empty-router = 2. ルーターを置く
empty-host = 3. ホストを置く
empty-more = アドレスとゲートウェイは自動で設定されます。例題は画面上部から開けます。

## Choosing a partner

pick-cable = { $thing } の接続先
pick-gateway = { $thing } のゲートウェイ
pick-search = 検索
pick-new-segment = 新しいセグメント
pick-none = ゲートウェイなし

## The outline

outline-name = アウトライン
outline-segments = セグメント
outline-devices = 機器
outline-add = 追加
outline-deed = { $deed }: { $thing }
no-subnet = サブネット未設定
nobody-on-it = 接続されている機器はありません。
on-it = 接続中: { $devices }
no-cable = ケーブルなし
deed-name = 名前を変更
deed-connect = 接続
deed-duplicate = 複製
deed-delete = 削除
deed-replug = つなぎ替え
deed-unplug = ケーブルを抜く

## Fields

field-renumber = サブネットを変えてアドレスを振り直す
renumber = 振り直す
fault-subnet = サブネットの形式ではありません。例: 192.168.1.0/24
