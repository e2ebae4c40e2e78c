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
