# 時間に沿って起こること

## Kinds of actions

do-ping = ping
do-tcp = TCP 接続
do-udp = UDP データグラム
do-traceroute = traceroute
do-link = リンクの切断・復旧
do-route = 経路の追加・削除
do-addr = アドレスの追加・削除
do-sysctl = パラメーターの変更
do-nft = ルールの変更
do-neigh-flush = ARP テーブルの消去
do-conntrack-flush = コネクション追跡の消去
do-snapshot = 全テーブルの記録
do-inject = 偽造 TCP セグメント
profile-http = Web ページを取得
profile-ssh = ssh でログイン
profile-connect = 接続してすぐ切断
profile-script = スクリプトに従う
give-up-leave = OS に任せる
give-up-close = 切断する
give-up-abort = RST で切る
link-down = ダウン
link-up = アップ
link-admin = 機器の設定（ip link set）
link-cable = 対向側のケーブル抜け
op-add = 追加
op-replace = 置換
op-del = 削除
spoof-server = サーバー
spoof-client = クライアント

## The time line

traffic-title = 通信と変更（{ $count }）
traffic-empty = まだ何も起こりません。通信を送るか、変更を追加してください。
traffic-add = タイムラインに追加…
action-time = { $action } の時刻
action-look = { $action } を表示
action-show = 表示
action-duplicate = 複製: { $action }
action-earlier = リストの前へ: { $action }
action-later = リストの後へ: { $action }
action-remove = 削除: { $action }
result-done = 完了
result-refused = 拒否
result-not-yet = 未実行

## Shooting at once

shoot-title = すぐに送信
shoot-kind = 内容
shoot-http = Web ページ（HTTP）
shoot-ssh = ログイン（ssh）
shoot-tcp = TCP（ポート指定）
shoot-udp = UDP（ポート指定）
shoot-bad-port = ポートは 1 から 65535 までの数です。
shoot-pick = 図の上で選ぶ
shoot-pick-from = 送信元をクリック…
shoot-pick-to = 宛先をクリック…
shoot-now = 今すぐ送信
shoot-end = { $time } に送信

## Changes, after “Undo:”

change-action-add = { $action } の追加
change-action-remove = { $action } の削除
change-action-at = { $action } の時刻変更
change-action-duplicate = { $action } の複製
change-action-order = { $action } の順序変更
