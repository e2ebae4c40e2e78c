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

packet-again = { $packet } 再送（{ $after }後）

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
