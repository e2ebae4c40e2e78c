page-title = Roundtrip: パケットはどこを通り、どこで消えるか

## The head

examples = サンプル
undo = 元に戻す
redo = やり直す
close = 閉じる
help-title = キーボード操作
theme-button = 配色: { $theme }
theme-system = システムに合わせる
theme-light = ライト
theme-dark = ダーク

## Parts of the page

canvas-name = ネットワーク図
transport-name = 時間
ladder-name = 通信のシーケンス図
packets-name = パケット一覧
inspector-name = 機器
tabs-name = 画面の切り替え
pane-canvas = 構成図
pane-packets = パケット
pane-details = 詳細

## Changes, after “Undo:”

change-move = { $device } の移動
change-label = { $device } の名前変更
change-gateway = { $device } のゲートウェイ変更
change-add-route = { $device } への経路追加
change-route = { $device } の経路変更
change-remove-route = { $device } の経路削除
change-address = { $device } のアドレス変更
change-setting = { $device } の { $setting } 変更
change-open = 別の構成を開く

## Keys

act-toggle = 再生/一時停止
act-step = 次のイベントへ
act-step-back = 前のイベントへ
act-start = 先頭へ
act-end = 末尾へ
act-first-loss = 最初の破棄へ
act-undo = 元に戻す
act-redo = やり直す
act-escape = 選択解除・閉じる
act-fit = 全体を表示
act-zoom-in = 拡大
act-zoom-out = 縮小
act-help = キーボード操作の一覧
act-pane-canvas = 構成図（小画面）
act-pane-packets = パケット（小画面）
act-pane-details = 詳細（小画面）

## Time

play = 再生
pause = 一時停止
step = 次へ
step-back = 戻る
first-loss = 最初の破棄
scrub = 再生位置
speed = 再生速度
speed-very-slow = 最も遅い
speed-slow = 遅い
speed-normal = 標準
speed-fast = 速い
speed-very-fast = 最も速い
conversation = 通信
all-traffic = すべての通信
wait-shortened = { $span }の待ち時間を短縮表示中
span-seconds = { $number } 秒
span-milliseconds = { $number } ミリ秒

## Conversations and packets

purpose-web = Web ページ
purpose-traceroute = traceroute
stage-request = 要求
stage-reply = 応答
packet-again = { $packet } 再送（{ $after }後）
packet-duplicate-ack = Dup ACK
packet-data = データ { $bytes } バイト
packet-http-request = リクエスト（GET）
packet-http-response = Web ページ
packet-echo-request = エコー要求 { $seq }
packet-echo-reply = エコー応答 { $seq }
packet-redirect = リダイレクト → { $gateway }
packet-unreachable = 到達不能（コード { $code }）
packet-time-exceeded = 時間超過
packet-icmp = ICMP タイプ { $type }
packet-arp-request = ARP: { $address } は誰？
packet-arp-reply = ARP: { $address } はここ
packet-udp = UDP { $bytes } バイト
packet-fragment = フラグメント（オフセット { $offset }）
packet-other = プロトコル { $protocol }
packet-unsent = 送信されなかったパケット

## The picture

segment-name = セグメント { $segment } { $subnet }
device-name = { $written }: { $kind }、{ $addresses }
kind-host = ホスト
kind-router = ルーター
kind-l3-switch = L3 スイッチ
kind-firewall = ファイアウォール
kind-internet = インターネット
subtitle-gateway = ゲートウェイ { $gateway }
subtitle-no-gateway = ゲートウェイなし
subtitle-stateful-router = ステートフルなルーター
subtitle-router = ルーター
subtitle-l3-switch = L3 スイッチ
subtitle-firewall = ファイアウォール
subtitle-internet = インターネット
service-web = Web
only-there = 行きだけ通る
only-back = 帰りだけ通る
legend-name = 経路
way-there = 行き: { $way }
way-back = 帰り: { $way }
way-skips = { $devices } を通らない
callout-dropped = { $packet } を { $device } が破棄
callout-more = 同時にほか { $count } 個も破棄

## Why packets die: short

drop-rule-invalid = INVALID として破棄
drop-rule-rejected = ルールで拒否
drop-rule = ルールで破棄
drop-nat = アドレス変換できない
drop-conntrack-full = コネクション追跡テーブルが満杯
drop-no-route = 経路なし
drop-route-unreachable = unreachable 経路
drop-route-prohibit = prohibit 経路
drop-route-blackhole = blackhole 経路
drop-not-forwarding = 転送が無効
drop-reverse-path = rp_filter: 想定外の入力インターフェース
drop-martian-source = あり得ない送信元
drop-martian-destination = あり得ない宛先
drop-ttl = TTL 切れ
drop-too-long = MTU 超過（DF あり）
drop-neighbour-failed = ARP 応答なし
drop-neighbour-queue = ARP 待ちキューあふれ
drop-link-down = リンクダウン
drop-cable-cut = ケーブル切断
drop-frame-too-long = 受信インターフェースの MTU 超過
drop-no-socket = 待ち受けなし
drop-no-protocol = 未対応プロトコル
drop-reassembly = フラグメントがそろわない
drop-not-answerable = 応答してはならない
drop-tcp = TCP が受け付けない

## Why packets die: in a sentence

why-never-seen = { $packet } は { $device } を通らなかったため、{ $device } はそれを知りません。
why-invalid-state = { $device } が追跡しているコネクションの状態に合いません。
why-invalid-window = { $device } が追跡しているコネクションのウィンドウから外れています。
why-invalid-not-first = { $device } には対応するコネクションの記録がありません。
why-invalid-flags = このフラグの組み合わせは不正です。
why-invalid-unrequested = 対応する要求を { $device } は見ていません。
why-invalid-error = このエラーに対応するコネクションの記録が { $device } にありません。
why-invalid-malformed = パケットが壊れています。
why-rule = { $device } のルール: { $rule }

## The ladder and the list

ladder-title = シーケンス図
ladder-empty = まだパケットがありません。通信を選ぶか、再生してください。
ladder-gap = { $span }後
show-arp = ARP
rung-name = { $time }: { $packet }、{ $way }。
rung-dropped = { $device } で破棄: { $reason }。
packets-title = キャプチャ
packets-count = { $count } 個
tap = キャプチャする場所
tap-mirror = { $segment } のミラーポート
column-time = 時刻
column-source = 送信元
column-destination = 宛先
column-info = 情報
note-again = 再送
note-again-here = 同じパケットが再び通過
note-lost = ✕ { $device } で破棄

## The pane at the right

cannot-run = この構成は実行できません
verdict-name = 診断
outcome-healthy = 通信できています
outcome-recovered = 最終的には通信できています
outcome-partial = 一部の応答がありません
outcome-stalled = 接続が途中で止まっています
outcome-timed-out = 応答がありません
outcome-refused = 接続を拒否されました
outcome-unreachable = 到達できません
outcome-reset = 途中で切断されました
outcome-ended = 途中で終了しました
outcome-failed = 失敗しました
outcome-unfinished = まだ完了していません
beliefs = それぞれの認識
chain = 原因を順に追う
cures-title = 対処方法（すべてシミュレーション済み）
cures-trying = 対処方法を試しています…
cures-none = この構成の変更だけで解決する方法は見つかりません。
cure-apply = 適用
cure-apply-name = 適用: { $cure }
cure-applied = 適用中
cure-take-back = 元に戻す
cure-breaks = ただし次の通信が悪化: { $conversations }
segment-latency = 機器間 { $span }
segment-mirror = ミラーポートを見る
about-lab = この構成について
tables-title = { $device } の状態（{ $time }）
table-conntrack = コネクション追跡
table-sockets = ソケット
table-neighbours = ARP テーブル
table-learned = リダイレクト・経路 MTU で学習した経路
table-routes = ルーティングテーブル
table-empty = なし
field-gateway = デフォルトゲートウェイ
add-route = 経路を追加
route-to = 宛先
route-via = ネクストホップ

## When the page breaks

failure-title = ページが異常終了しました
failure-text = こちらの不具合です。作成した構成は残っています。保存してからページを読み込み直してください。
failure-download = 構成をファイルに保存
failure-reload = 読み込み直す
failure-details = 詳細
