# コマンドラインのメッセージ。

error = エラー
warning = 警告
cannot-read = { $name } を読み込めません: { $error }
cannot-write = 出力に書き込めません: { $error }
cannot-write-file = { $name } に書き込めません: { $error }
picture-canvas = ラボのネットワーク図: 機器とセグメント、パケットの通る経路
picture-ladder = 通信のパケットを時間順に、機器から機器への流れとして示した図
picture-there = 行き: { $way }
picture-back = 帰り: { $way }
picture-only-there = 行きだけ通る
picture-only-back = 帰りだけ通る
picture-gap = { $span } 後
picture-more = 残り { $count } 個
subtitle-gateway = ゲートウェイ { $gateway }
subtitle-no-gateway = ゲートウェイなし
subtitle-stateful-router = ステートフルなルーター
subtitle-router = ルーター
subtitle-l3-switch = L3 スイッチ
subtitle-firewall = ファイアウォール
subtitle-internet = インターネット
service-web = Web
netns-reserved = { $device } のインターフェース名 { $interface } は Linux カーネルが予約しているため使えません。別の名前にしてください。
no-terminal = テキストではないため、端末には出力しません。-o FILE でファイルに書き込むか、別のプログラムに渡してください。
cannot-run = エラーがあるため、このラボは実行できません。
no-example = { $name } というファイルも例もありません。用意されている例: { $similar }
link-long = リンクは { $length } 文字あります。{ $limit } 文字を超えるとチャットやメールで途中から切れることがあるため、ファイルで渡すほうが確実です。
no-place = キャプチャできる場所に { $name } はありません。指定できる場所: { $known }

check-fine = 問題はありません。
check-warnings = 実行できます。エラー 0 件、警告 { $warnings } 件。
check-errors = 実行できません。エラー { $errors } 件、警告 { $warnings } 件。

counts = 機器 { $devices } 台、セグメント { $segments } 本、フレーム { $frames } 個、シミュレーション時間 { $seconds } 秒
result-ok = 成功
result-partial = 一部のみ成功
result-timeout = 応答なし (アプリケーションが断念)
result-timeout-kernel = タイムアウト
result-refused = 接続拒否
result-unreachable = 到達不能
result-reset = リセットされた
result-eof = 途中で切断
result-error = 失敗
result-running = 実行中
ping-counts = { $sent } 回中 { $received } 回応答
tcp-connected = 接続済み、受信 { $bytes } バイト
tcp-not-connected = 接続できず
udp-replies = 応答 { $replies } 個
stage = { $stage } で停止

no-drops = 破棄されたパケットはありません。
drops = 破棄されたパケット
first-at = 最初は { $seconds } 秒:
made-here = 自身が送ろうとしたパケット

## roundtrip explain

no-conversation = このラボに通信 { $name } はありません。通信の一覧: { $known }
no-cause = 原因 { $name } はありません。一覧は roundtrip causes で表示できます。
no-conversations = このラボには通信（ping、接続、問い合わせなど）がありません。
explain-begins = { $seconds } 秒から
explain-lights = どこまで進んだか
explain-why = 理由（見えている症状から根本の原因へ）
explain-harmless = 問題にならない理由
explain-works = 経路
explain-asides = 関連する出来事
explain-beliefs = { $seconds } 秒の時点でのそれぞれの認識
explain-disagree = 食い違っています
explain-contrast = 「{ $other }」は通るのに、これは通らない理由
explain-steps = 分かれ目: { $node } での処理
explain-cures = 対処（すべてシミュレーションで確認済み）
explain-no-cure = このネットワークの設定変更で直す方法は見つかりませんでした。
explain-also-mends = これも直ります: { $conversations }
explain-breaks = ただし悪影響があります: { $conversations }
explain-causes = 原因の一般的な説明
explain-source = 出典: { $source }
