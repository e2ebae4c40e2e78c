# 判定、原因、対処。

verdict-news = { $conversation }: { $outcome }。
glance-name = すべての通信
glance-empty = まだ通信がありません。トラフィックを追加してください。
chain-works = 通信の流れ
asides = 関連する出来事
goal-packet = パケット
goal-rule = { $device } のルール
goal-route = { $device } の経路
goal-neighbour = { $device } の ARP テーブル
goal-conntrack = { $device } のコネクション追跡
goal-device = { $device }
goal-moment = この時点
goal-spoken = { $goal } を表示。{ $link }
contrast-title = 「{ $other }」は通るのに、これは通らない理由
contrast-steps = { $device } での処理の違い
causes-all = すべての原因
cause-source = 出典: { $source }
cure-taken-back = 元に戻しました
cure-again = もう一度適用
cure-mends = これも直ります: { $conversations }
fares-title = 適用前と適用後
fares-conversation = 通信
fares-before = 適用前
fares-after = 適用後
fares-none = –
