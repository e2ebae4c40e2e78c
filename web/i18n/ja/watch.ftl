# Time, ladder, captures, tables.

## Captures

column-number = No.
column-place = 場所
tap-add = キャプチャする場所を追加
tap-remove = { $tap } のキャプチャをやめる
lanes = 並べて表示
tall = 一覧と詳細を広げる
packets-filtered = { $total } 個中 { $count } 個
packets-none = ここでは何も見えませんでした。
packets-none-pass = フィルターに一致するフレームはありません。
relative-times = 通信開始からの時刻
absolute-numbers = Seq/Ack を実際の値で表示

## The display filter

filter = 表示フィルター
filter-example = フィルター: tcp.flags.syn == 1 && ip.addr == 192.168.1.10
filter-clear = フィルターを解除
filter-unknown = 「{ $name }」というフィールドはありません。
filter-unknown-nearest = 「{ $name }」というフィールドはありません。{ $nearest } のことですか？
filter-wants-test = ここに tcp や ip.addr などのフィールドが必要です。
filter-wants-value = ここに値が必要です。
filter-wants-connective = ここに and か or が必要です。
filter-wants-set = in の後には集合を書きます。例: {"{"}80, 443, 8000..8080{"}"}
filter-wrong-value = { $field } に「{ $value }」は指定できません。例: { $example }
filter-not-comparable = { $field } は有無だけを調べるもので、比較する値がありません。
filter-unclosed = この { $sign } が閉じられていません。
filter-stray = ここに「{ $sign }」は書けません。
filter-single-equals = 比較には等号を 2 つ書きます: ==
filter-unsupported = { $what } は Wireshark にはありますが、このフィルターでは使えません。
filter-too-deep = フィルターが長すぎるか、入れ子が深すぎます。
filter-flag-alone = { $field } だけだと、値に関係なくすべてのセグメントが一致します。{ $field } == 1 のことですか？

## One frame

detail-title = フレーム { $number }（{ $tap }）
detail-close = 詳細を閉じる
detail-fields = フィールド
detail-bytes = バイト列
detail-more-bytes = ほか { $count } バイト
follow = ストリームを追跡
follow-title = ここで見えた通信の内容
follow-client = クライアント
follow-server = サーバー
follow-missing = ここでは { $count } バイトが見えていません。
follow-nothing = やり取りされたデータはありません。

## Time

scope = 1 回で進む単位
scope-conversation = 通信ごと
scope-everything = 全イベント
scope-packet = パケットごと
scope-device = 機器ごと
act-step-any = 次のイベントへ（全体）
act-step-back-any = 前のイベントへ（全体）
act-step-packet = このパケットの次のイベントへ
act-step-back-packet = このパケットの前のイベントへ
act-step-conversation = この通信の次のイベントへ
act-step-back-conversation = この通信の前のイベントへ
act-step-device = この機器の次のイベントへ
act-step-back-device = この機器の前のイベントへ
act-slower = 遅くする
act-faster = 速くする

## The ladder

lifeline-name = { $device }: { $count } 本中 { $place } 番目。ドラッグか左右の矢印キーで移動
lifelines-reset = 元の並び順
tie-name = { $time } の { $packet } の再送

## Tables

table-nat = アドレス変換
table-counters = ルールとカウンター
table-stations = スイッチの MAC アドレステーブル
line-new = 追加
line-changed = 変更
line-gone = 削除
line-before = （変更前: { $before }）
believes-title = それぞれの認識（{ $time }）
believes-disagree = 認識が食い違っています。
believes-agree = 認識は一致しています。
role-client = クライアント
role-between = 途中の機器
role-server = サーバー

## All pairs

pairs-open = 全ホスト間の経路
pairs-title = 全ホスト間の行きと帰りの経路
pairs-hosts = ホスト
pairs-there = 行き
pairs-back = 帰り
pairs-differ = 行きと帰り
pairs-one-sided = 片方向しか見えないステートフル機器
pairs-yes = 異なる
pairs-no = 同じ
pairs-unknown = 不明
pairs-lost = 破棄
pairs-probed = （ping で確認）
pairs-working = 経路を確認しています…
pairs-sum = { $count } 組のうち { $differing } 組で行きと帰りの経路が異なります。
pairs-note = このシミュレーションでパケットが実際に通った経路です。通信がない組は、開始時点の構成で ping をシミュレーションして確認しています。
follow-data = { $bytes } バイトのデータ
