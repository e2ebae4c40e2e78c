# 通信について言うこと: どう終わったか、なぜか、どうすれば直るか。

list-separator = 、

## 通信の結末

outcome-healthy = 正常に通信できています。
outcome-healthy-name = 通信できています
outcome-recovered = 途中で破棄がありましたが、最終的には通信できています。
outcome-recovered-name = 最終的には通信できています
outcome-partial = 一部の応答だけが返っています。
outcome-partial-name = 一部の応答がありません
outcome-stalled = 停止しています。クライアントは接続できたつもりですが、その先へ進みません。
outcome-stalled-name = 接続が途中で止まっています
outcome-timed-out = 応答がありません。
outcome-timed-out-name = 応答がありません
outcome-refused = 接続を拒否されました。
outcome-refused-name = 接続を拒否されました
outcome-unreachable = 到達不能です。
outcome-unreachable-name = 到達できません
outcome-reset = 途中でリセットされました。
outcome-reset-name = 途中で切断されました
outcome-ended = 相手側が途中で終了しました。
outcome-ended-name = 途中で終了しました
outcome-failed = 失敗しました。
outcome-failed-name = 失敗しました
outcome-unfinished = 通信が終わる前にシミュレーションが終了しました。
outcome-unfinished-name = まだ完了していません

## パケットの名前

packet-syn = ① SYN
packet-syn-ack = ② SYN,ACK
packet-handshake-ack = ③ ACK
packet-ack = ACK
packet-data = { $bytes } バイトのデータ
packet-http-request = HTTP リクエスト
packet-http-response = HTTP レスポンス
packet-fin = FIN
packet-rst = RST
packet-echo-request = エコー要求 { $seq }
packet-echo-reply = エコー応答 { $seq }
packet-redirect = { $gateway } への ICMP リダイレクト
packet-unreachable = ICMP { $code }
packet-time-exceeded = ICMP time exceeded
packet-icmp = ICMP タイプ { $type }
packet-arp-request = { $address } への ARP 要求
packet-arp-reply = { $address } の ARP 応答
packet-udp = { $bytes } バイトの UDP データグラム
packet-fragment = オフセット { $offset } のフラグメント
packet-other = プロトコル番号 { $protocol } のパケット
packet-unsent = パケット
packet-duplicate-ack = 重複 ACK
passage = { $packet }: { $way }
packet-again = { $packet }（{ $after } 後の再送）

## 破棄の理由

drop-rule = ルール「{ $rule }」
drop-rule-rejected = ルール「{ $rule }」
drop-nat-exhausted = アドレス変換に使える空きポートがない
drop-nat-no-address = 出力インターフェースに変換先のアドレスがない
drop-nat-interface-changed = 別のインターフェース向けにマスカレードされたコネクション
drop-nat-redirect = アドレス変換中のコネクションに対するリダイレクト
drop-conntrack-full = コネクション追跡テーブルが満杯
drop-no-route = 経路がない
drop-route-unreachable = unreachable の経路
drop-route-prohibit = prohibit の経路
drop-route-blackhole = blackhole の経路
drop-not-forwarding = 転送しない設定（ip_forward=0）
drop-rp-filter = リバースパスフィルタ（rp_filter）
drop-martian-source = あり得ない送信元アドレス
drop-martian-destination = あり得ない宛先アドレス
drop-ttl-exceeded = TTL 切れ
drop-fragmentation-needed = MTU を超えているが DF ビットが立っている
drop-neighbour-failed = ARP に応答がない
drop-neighbour-queue-full = ネクストホップの MAC アドレス待ちのパケットが多すぎる
drop-link-down = インターフェースがダウンしている
drop-cable-cut = ケーブルが切れている
drop-frame-too-long = 受信側インターフェースの MTU より長い
drop-no-socket = 受け取るソケットがない
drop-no-protocol = 対応していないプロトコル
drop-reassembly-timeout = 時間内に全フラグメントが揃わない
drop-not-answerable = 応答しない設定または応答してはならないパケット
drop-tcp-out-of-window = 受信ウィンドウの範囲外
drop-tcp-old-timestamp = タイムスタンプが古い（PAWS）
drop-tcp-bad-ack = 送っていないデータへの ACK
drop-tcp-rst-not-exact = シーケンス番号が一致しない RST
drop-tcp-unexpected-syn = 確立済みコネクションへの SYN
drop-tcp-no-ack = 必要な ACK フラグがない
drop-tcp-accept-queue-full = accept キューが満杯
drop-tcp-bad-request = 該当するハーフオープンのコネクションがない
drop-tcp-closed = コネクションはすでに閉じている

death = { $node } で破棄: { $reason }
death-invalid = { $node } で破棄: コネクション追跡で invalid、{ $reason }
reason-refused = システムコールの失敗
reason-no-carrier = ケーブルの先に何も接続されていない

redirect-not-accepted = accept_redirects が無効
redirect-forwarding = 自身が転送を行うルーターであり、リダイレクトには従わない
redirect-not-from-gateway = 使用中のゲートウェイからの通知ではない
redirect-gateway-not-on-link = 通知されたゲートウェイが同じリンク上にない
redirect-gateway-not-listed = 通知されたゲートウェイがデフォルトゲートウェイの一覧にない（secure_redirects）
redirect-gateway-impossible = 通知されたアドレスはゲートウェイになり得ない
redirect-no-route = 宛先への経路がない

## 原因: この場合の一文、一般的な説明、出典

cause-healthy = { $client } と { $server } は、行きも帰りも同じ機器を通って通信できています。
cause-healthy-name = 往復とも同じ機器を通って通信できている
cause-healthy-about = 必要なパケットはすべて相手側に届いており、行きと帰りで通る機器は同じです。
cause-healthy-source = RFC 791、RFC 9293

cause-asymmetric-harmless = 行きと帰りの経路は違いますが、支障はありません。片方だけが通る機器に、両方向を見る必要のあるものがないためです。
cause-asymmetric-harmless-name = 行きと帰りの経路は違うが通信できている
cause-asymmetric-harmless-about = IP のルーティングは方向ごとに独立しており、行きと帰りの経路が違っても構いません。問題になるのは、片方の経路上に、両方向を見なければ正しい状態を保てない機器がある場合だけです。ここでは、片方向しか通らない機器は状態を持たないか、その方向のパケットをすべて通しています。
cause-asymmetric-harmless-source = RFC 1812 5.2 節、RFC 3234

cause-redirected = { $client } は ICMP リダイレクトに従い、経路表よりも近い経路を使っています。
cause-redirected-name = ICMP リダイレクトで学習した経路で通信できている
cause-redirected-about = パケットを受信したインターフェースからそのまま送り返すルーターは、より近いゲートウェイを送信元に通知します。リダイレクトを受け入れるホストは、その宛先に限って経路の例外を数分間保持します。
cause-redirected-source = RFC 792、RFC 1122 3.2.2.2 節、Linux: accept_redirects

cause-asymmetric-invalid-ack = { $packet } は { $node } で破棄されています。{ $node } は { $seen } を見ましたが、{ $other } は別の経路（{ $way }）を通ったため見ていません。
cause-asymmetric-invalid-ack-name = ステートフルな機器が SYN,ACK を見ておらず ③ ACK を破棄
cause-asymmetric-invalid-ack-about = ステートフルな機器は TCP のハンドシェイクを追跡します。SYN だけを見て SYN,ACK を見ていないと、エントリは SYN_SENT のままで、その状態でクライアントから来る ACK は INVALID になります。クライアントは SYN,ACK を受け取っているので接続できたつもりになり、サーバーは ACK を待って SYN,ACK を再送し続けます。ping が通るのは、エコー要求が毎回新しいやり取りの始まりとして扱われるためです。
cause-asymmetric-invalid-ack-source = Linux nf_conntrack（nf_conntrack_proto_tcp の状態遷移表）、RFC 9293 3.5 節

cause-asymmetric-unseen-request = { $packet } は { $node } で破棄されています。{ $node } は要求を見た通信の応答しか通しませんが、{ $other } は別の経路（{ $way }）を通りました。
cause-asymmetric-unseen-request-name = ステートフルな機器が要求を見ておらず応答を破棄
cause-asymmetric-unseen-request-about = established を許可するステートフルフィルタは、コネクションを最初のパケットから把握します。最初のパケットが別の経路を通ると、フィルタが見る最初のパケットは応答になり、対応するコネクションが見つかりません。
cause-asymmetric-unseen-request-source = Linux nf_conntrack、nft(8) の ct state

cause-asymmetric-invalid = { $packet } は { $node } で破棄されています。{ $node } はコネクションを追跡していましたが、途中から { $other } が別の経路（{ $way }）を通るようになりました。
cause-asymmetric-invalid-name = ステートフルな機器から片方向が見えなくなった
cause-asymmetric-invalid-about = ステートフルな機器は、両方向のシーケンス番号を突き合わせて確認します。通信の途中で片方向の経路が変わると ACK が見えなくなり、残った方向のパケットは、把握しているウィンドウの範囲外か、状態に合わないものになります。
cause-asymmetric-invalid-source = Linux nf_conntrack（TCP ウィンドウの追跡）

cause-conntrack-forgotten = { $packet } は { $node } で破棄されています。{ $node } にはもうこのコネクションのエントリがありません。
cause-conntrack-forgotten-name = ステートフルな機器がコネクションを忘れた
cause-conntrack-forgotten-about = コネクション追跡のエントリは、パケットが流れないまま時間が経つと失効し、テーブルを消去したときにも失われます。その後に来るコネクション途中のパケットは、INVALID か、SYN ではない NEW として扱われます。
cause-conntrack-forgotten-source = Linux: nf_conntrack_tcp_timeout_*、nf_conntrack_tcp_loose

cause-conntrack-invalid = { $packet } は { $node } のコネクション追跡で INVALID と判定され、破棄されています。
cause-conntrack-invalid-name = コネクション追跡で INVALID と判定
cause-conntrack-invalid-about = 状態に合わないパケットや壊れたパケットは、コネクション追跡で INVALID と判定され、ルールによって破棄されます。
cause-conntrack-invalid-source = Linux nf_conntrack、nft(8) の ct state

cause-conntrack-full = { $packet } は { $node } で破棄されています。コネクション追跡テーブルが満杯です。
cause-conntrack-full-name = コネクション追跡テーブルが満杯
cause-conntrack-full-about = 追跡できるコネクションの数には上限があります。上限を超える新しいコネクションのパケットは破棄されます。
cause-conntrack-full-source = Linux: nf_conntrack_max

cause-nat-hairpin = { $packet } が、接続先のアドレスではなく { $address } から { $client } へ直接届いています。行きで変換された宛先が、帰りで元に戻されていません。
cause-nat-hairpin-name = ヘアピン: 変換したルーターを応答が通らない
cause-nat-hairpin-about = ルーターが宛先を変換し、受信したのと同じセグメントへ送り返しています（ヘアピン）。サーバーからはクライアントが同じセグメントにいるように見えるため、直接応答します。クライアントには接続した覚えのないアドレスから応答が届くので、RST を返します。ルーターで送信元も変換すれば、応答がルーターに戻るようになります。
cause-nat-hairpin-source = RFC 4787 6 節（hairpinning）、RFC 3022

cause-nat-bypassed = { $packet } が、接続先のアドレスではなく { $address } から { $client } に届いています。宛先を変換した機器を帰りに通っていません。
cause-nat-bypassed-name = 宛先を変換した機器を応答が通らない
cause-nat-bypassed-about = 宛先を変換した機器は、応答の送信元を元に戻すために、応答も通らなければなりません。ここでは応答が別の経路を通っています。
cause-nat-bypassed-source = RFC 3022 2 節

cause-nat-failed = { $node } は { $packet } のアドレスを変換できません: { $reason }。
cause-nat-failed-name = アドレス変換ができない
cause-nat-failed-about = アドレス変換には空きポートと出力インターフェースのアドレスが必要で、コネクションの途中で出力インターフェースを変えることはできません。
cause-nat-failed-source = RFC 3022、nft(8) の masquerade

cause-filter-drop = { $packet ->
    [none] パケット
   *[other] { $packet }
  } は { $node } で破棄されています: { $reason }。
cause-filter-drop-name = パケットフィルタが黙って破棄
cause-filter-drop-about = パケットフィルタのルールまたはポリシーが、何も通知せずに破棄しています。送信元は理由がわからないまま、諦めるまで再送します。
cause-filter-drop-source = nft(8) の drop

cause-filter-reject = { $packet } は { $node } で拒否され、送信元に通知されています: { $reason }。
cause-filter-reject-name = パケットフィルタが拒否して通知
cause-filter-reject-about = パケットフィルタのルールがパケットを破棄し、RST または ICMP で送信元に通知しています。アプリケーションはすぐに失敗します。
cause-filter-reject-source = nft(8) の reject、RFC 1122 3.2.2.1 節

cause-no-route = { $node } に { $address } への経路がありません。
cause-no-route-name = 宛先への経路がない
cause-no-route-about = 経路のないパケットは破棄されます。ルーターは送信元に network unreachable を通知し、送信元自身に経路がなければシステムコールが失敗します。
cause-no-route-source = RFC 1812 4.3.3.1 節

cause-no-return-route = 要求は届いていますが、{ $node } に応答を { $address } へ返す経路がありません。
cause-no-return-route-name = 応答を返す経路がない
cause-no-return-route-about = 応答にも経路が必要です。応答の経路がないホストは、それを破棄して誰にも通知しません。帰り道のルーターに経路がない場合は、問い合わせた側ではなく応答した側に通知されます。
cause-no-return-route-source = RFC 1812 4.3.3.1 節、RFC 1122 3.3.1 節

cause-route-refuses = { $node } の経路が { $address } 宛てを拒否しています。
cause-route-refuses-name = unreachable または prohibit の経路
cause-route-refuses-about = unreachable と prohibit の経路は拒否するためのもので、送信元に通知します。
cause-route-refuses-source = ip-route(8)

cause-route-blackhole = { $node } の経路が { $address } 宛てを黙って捨てています。
cause-route-blackhole-name = blackhole の経路
cause-route-blackhole-about = blackhole の経路は、何も通知せずにパケットを破棄します。
cause-route-blackhole-source = ip-route(8)

cause-not-forwarding = { $node } は { $address } 宛ての { $packet } を受け取りましたが、転送しません。
cause-not-forwarding-name = 途中の機器が転送しない
cause-not-forwarding-about = 自分宛てでないパケットを受け取ったホストは、それを破棄します。転送するのは、転送を有効にしたルーターだけです。
cause-not-forwarding-source = RFC 1122 3.3.4.2 節、Linux: ip_forward

cause-routing-loop = { $packet } が TTL を使い切るまで回り続けています（{ $way }）。
cause-routing-loop-name = ルーティングループ
cause-routing-loop-about = ループ上のルーターは、それぞれ次のルーターのほうが宛先に近いと思っています。1 周するたびに TTL が減り、0 になったところで破棄され、送信元に通知されます。
cause-routing-loop-source = RFC 1812 5.3.1 節、RFC 792

cause-ttl-exceeded = { $packet } の TTL が { $node } で尽きています。
cause-ttl-exceeded-name = TTL が足りない
cause-ttl-exceeded-about = TTL はルーターを通るたびに 1 減ります。経路上のルーターの数より小さい TTL で送信されています。
cause-ttl-exceeded-source = RFC 1812 5.3.1 節

cause-rp-filter = { $packet } は { $node } で破棄されています。{ $node } から { $address } へ戻る経路が、受信したインターフェースとは別のインターフェースを向いているためです（rp_filter）。
cause-rp-filter-name = リバースパスフィルタ
cause-rp-filter-about = rp_filter=1 の機器は、送信元への経路が向いているインターフェースで受信したパケットしか受け入れません。行きと帰りの経路が違うと、正当なパケットも何の通知もなく破棄されます。
cause-rp-filter-source = RFC 3704 2.2 節、Linux: rp_filter

cause-martian-address = { $packet } は { $node } で破棄されています: { $reason }。
cause-martian-address-name = あり得ないアドレス
cause-martian-address-about = ループバック、0.0.0.0、送信元としてのブロードキャストやマルチキャスト、自分自身のアドレスなどは、回線上のパケットの送信元や宛先になり得ません。
cause-martian-address-source = RFC 1812 5.3.7 節、5.3.8 節

cause-duplicate-address = { $packet } は { $node } に届いています。{ $address } を 2 台の機器が持っています。
cause-duplicate-address-name = アドレスの重複
cause-duplicate-address-about = 最後に ARP に応答した側、または近い側がパケットを受け取り、もう一方には届きません。
cause-duplicate-address-source = RFC 5227

cause-stale-neighbour = { $packet } は古い ARP エントリのまま { $node } に送られていますが、{ $node } はもう { $address } を持っていません。
cause-stale-neighbour-name = ARP エントリの指す機器がもうアドレスを持っていない
cause-stale-neighbour-about = ネクストホップの MAC アドレスを知っている機器は、それを使い続けます。アドレスが別の機器に移ったり削除されたりしても、エントリが再確認されるか、新しい持ち主が Gratuitous ARP（arp_notify）で知らせるまで、パケットは元の機器に届きます。元の機器は自分宛てではないパケットとして破棄します。
cause-stale-neighbour-source = RFC 826、RFC 5227 3 節、Linux: arp_notify、gc_stale_time

cause-broadcast-address = { $node } にとって { $address } はブロードキャストアドレスで、1 台のホストのアドレスではありません。
cause-broadcast-address-name = 宛先がサブネットのブロードキャストアドレス
cause-broadcast-address-about = サブネットの最後のアドレスは、そのサブネットの全員に宛てたものです。サブネットマスクが狭すぎると、普通のホストのアドレスがこれに当たってしまいます。明示的に許可しない限りプログラムはそこへ送信できず、TCP は接続できません。そこへの応答はブロードキャストとして送信され、TCP はそれを無視します。
cause-broadcast-address-source = RFC 919、RFC 922、RFC 1122 3.3.6 節、4.2.3.10 節

cause-neighbour-failed = { $node } が { $address } を ARP で問い合わせても、誰も応答しません。
cause-neighbour-failed-name = ネクストホップが ARP に応答しない
cause-neighbour-failed-about = パケットを送るには、ネクストホップの MAC アドレスが必要です。Linux は 1 秒おきに 3 回問い合わせ、応答がなければ待たせていたパケットを破棄して、送信元に host unreachable を通知します。
cause-neighbour-failed-source = RFC 826、RFC 1122 2.3.2.2 節

cause-link-down = { $packet } は { $node } から先へ進めません: { $reason }。
cause-link-down-name = リンクダウン
cause-link-down-about = ダウンしたインターフェースや切れたケーブルは、何も運びません。そこを通る経路は、誰かが削除しない限り残ります。
cause-link-down-source = ip-link(8)

cause-fragmentation-needed = { $packet ->
    [none] パケット
   *[other] { $packet }
  } は { $node } の先のリンクには長すぎますが、フラグメント禁止（DF）です。送信元には通知されています。
cause-fragmentation-needed-name = MTU 超過（送信元に通知あり）
cause-fragmentation-needed-about = DF ビットの立ったパケットをルーターは分割せず、破棄して次のリンクの MTU を送信元に通知します。TCP はそれに合わせてセグメントを小さくします（Path MTU Discovery）。サイズを固定した ping は失敗します。
cause-fragmentation-needed-source = RFC 1191

cause-pmtu-black-hole = { $packet } は { $node } の先のリンクには長すぎますが、フラグメント禁止（DF）です。しかも、そのことが送信元に伝わっていません。
cause-pmtu-black-hole-name = Path MTU ブラックホール
cause-pmtu-black-hole-about = Path MTU Discovery には ICMP の fragmentation needed が必要です。これがフィルタされたり送信されなかったりすると、送信元は長いパケットを再送し続けます。小さいパケットは通るのでハンドシェイクは成功し、最初の大きなセグメントで止まります（Path MTU ブラックホール）。
cause-pmtu-black-hole-source = RFC 2923 2.1 節、RFC 4821

cause-mtu-mismatch = { $packet } は { $node } のインターフェースが受け取れる長さを超えています。同じセグメントの機器の MTU が揃っておらず、破棄は誰にも通知されません。
cause-mtu-mismatch-name = 同じセグメントの MTU の不一致
cause-mtu-mismatch-about = 1 つのセグメントにつながる機器の MTU は揃っていなければなりません。受信側の MTU を超えるフレームはイーサネットのインターフェースで破棄されます。間にルーターがないので、分割も ICMP による通知もありません。TCP は互いに MSS を伝え合うため、影響が出にくくなります。
cause-mtu-mismatch-source = RFC 1122 3.3.3 節、RFC 9293 3.7.1 節

cause-closed-port = { $port ->
    [none] { $node } には { $packet } を待ち受けるものがありません。
   *[other] { $node } のポート { $port } で待ち受けているものがありません。
  }
cause-closed-port-name = ポートで待ち受けがない
cause-closed-port-about = 待ち受けのないポートは、SYN には RST を、UDP データグラムには ICMP の port unreachable を返します。つまり、行きも帰りも経路は通じています。
cause-closed-port-source = RFC 9293 3.10.7.1 節、RFC 1122 4.1.3.1 節

cause-echo-ignored = { $node } はエコー要求に応答しません。
cause-echo-ignored-name = エコー要求に応答しない設定
cause-echo-ignored-about = ping に応答しない設定です。サービスが動いているかどうかとは関係ありません。
cause-echo-ignored-source = Linux: icmp_echo_ignore_all、icmp_echo_ignore_broadcasts

cause-no-answer = { $node } は { $packet } を受け取りましたが、応答していません。
cause-no-answer-name = サービスが応答しない
cause-no-answer-about = この方向ではネットワークは役目を果たしています。相手側のサービスが何も返していません。
cause-no-answer-source = RFC 1122 4.1 節

cause-socket-gone = { $node } にはもうこのコネクションがありません。
cause-socket-gone-name = 片側にもうコネクションがない
cause-socket-gone-about = 閉じた、諦めた、あるいは完成しなかったコネクションへのセグメントには RST が返されます。
cause-socket-gone-source = RFC 9293 3.10.7.1 節

cause-tcp-unacceptable = { $node } の TCP が { $packet } を破棄しています: { $reason }。
cause-tcp-unacceptable-name = TCP が受け入れないセグメント
cause-tcp-unacceptable-about = TCP は、コネクションの状態やウィンドウに合わないセグメントを破棄します。
cause-tcp-unacceptable-source = RFC 9293 3.10.7.4 節

cause-reset = { $node } がコネクションを打ち切っています。
cause-reset-name = 片側がコネクションを打ち切った
cause-reset-about = 未読のデータを残して閉じたり、正常な終了を待たずに打ち切ったりするアプリケーションは、RST を送信します。
cause-reset-source = RFC 9293 3.5.2 節

cause-forged-segment = { $node } が偽造したセグメントによって、コネクションが打ち切られています。
cause-forged-segment-name = 偽造セグメントによる切断
cause-forged-segment-about = アドレスとポート、正しいシーケンス番号を当てられれば、他人のコネクションを終わらせることができます。
cause-forged-segment-source = RFC 5961

cause-closed-early = { $node } が、データが揃う前にストリームを終了しています。
cause-closed-early-name = 相手側が早く閉じた
cause-closed-early-about = 相手側は正常に閉じましたが、クライアントはまだ続きを待っていました。
cause-closed-early-source = RFC 9293 3.6 節

cause-local-failure = { $node } は送信できません: { $reason }。
cause-local-failure-name = 送信元のシステムが送信を拒否
cause-local-failure-about = 送信元自身でシステムコールが失敗しており、パケットは作られていません。
cause-local-failure-source = errno(3)

cause-too-slow = アプリケーションの制限時間が切れた時点で、パケットはまだ届き続けていました。
cause-too-slow-name = 時間切れ（転送は進行中）
cause-too-slow-about = 失われたままのパケットはありません。転送に必要な時間より制限時間が短いだけです。
cause-too-slow-source = RFC 6298

cause-unfinished = 先にシミュレーションが終了しました。
cause-unfinished-name = シミュレーションの終了
cause-unfinished-about = 通信に必要な時間よりシミュレーションの時間が短くなっています。
cause-unfinished-source = —

cause-unexplained = トレースからは理由がわかりません。
cause-unexplained-name = 原因不明
cause-unexplained-about = この結末を説明する破棄、エラー、無応答がトレースにありません。
cause-unexplained-source = —

## 原因のつながり

link-repeats = { $node } が { $packet } を { $times } 回再送（最後は初回の { $last } 後）
link-gave-up = { $node } は { $after } 後に断念
link-error = { $node } でエラー { $errno }
link-told = { $by } が { $node } に { $packet } を送信
link-lost = { $packet } は { $node } で破棄: { $reason }
link-unanswered = { $node } は { $packet } を受け取り、その後は何も送っていない
link-waiting = { $packet } は { $node } でネクストホップの MAC アドレス待ち
link-held = { $node } は { $packet } の残りのフラグメント待ち
link-not-taken = { $node } は { $packet } を { $mac } 宛てに送信したが、受け取る機器がない
link-reset-sent = { $node } が { $packet } を送信
link-ended-stream = { $node } がストリームを終了
link-refused = { $node } 自身が送信を拒否: { $errno }
link-tracked = { $node } の追跡状態は { $state }: { $seen } は見たが、{ $unseen } は見ていない
link-not-tracked = { $node } にエントリがない: { $unseen } を見ていない
link-expired = { $node } のエントリは開始の { $at } 後に失効
link-flushed = { $node } のテーブルは開始の { $at } 後に消去
link-went-around = { $packet } は { $way } と進み、{ $node } を通らない
link-on-link = { $node } 自身が { $net } に接続しており、{ $packet } を直接渡す
link-route = { $node } は { $packet } を { $via } へ送る（経路 { $route }）
link-route-learned = { $node } はリダイレクトで学習したとおり { $packet } を { $via } へ送る
link-no-route = { $node } に { $address } への経路がない
link-route-says-no = { $node } の { $address } への経路: { $reason }
link-not-forwarding = { $node } は { $address } ではなく、転送もしない（ip_forward=0）
link-reverse-path = { $source } からのパケットを { $came } で受信したが、{ $node } の { $source } への経路は { $back }
link-no-reverse-path = { $source } からのパケットを { $came } で受信したが、{ $node } に { $source } への経路がない
link-nobody-answers = { $node } の { $dev } 側で { $address } の ARP に応答する機器がない
link-nobody-has = { $address } を持つ機器がない
link-owner-elsewhere = { $address } を持つのは { $owner } だが、{ $dev } とは別のセグメントにある
link-no-carrier = { $node } の { $dev } にキャリアがない
link-two-have = { $node } と { $other } がどちらも { $address } を持つ
link-circle = { $way } を { $times } 周
link-too-long = { $packet } は IP ヘッダーを含めて { $length } バイト、{ $node } の先の MTU は { $mtu }
link-error-lost = それを知らせる { $packet } は { $node } で破棄: { $reason }
link-error-not-sent = { $node } はそれを ICMP で知らせない
link-translated = { $node } が宛先 { $from } を { $to } に変換
link-answers-from = { $node } は { $address } から応答（問い合わせ先は { $asked }）
link-nothing-listens = { $node } のポート { $port } で待ち受けるものがない
link-rule-at = { $node } のテーブル { $table }、チェイン { $chain }: { $rule }
link-redirect-ignored = { $by } は { $node } に { $gateway } のほうが近いと通知したが、{ $node } は従わない: { $reason }
link-redirect-resolving = { $by } は { $node } に { $gateway } のほうが近いと通知し、{ $node } はまずその MAC アドレスを問い合わせる
link-redirect-accepted = { $by } は { $node } に { $gateway } のほうが近いと通知し、{ $node } はそれに従う
link-path-mtu = { $node } は Path MTU { $mtu } バイトを学習済み
link-changed = { $at } の時点: { $what }（アクション「{ $action }」）
link-came-through = { $after } 後に { $packet } が届く: { $way }
link-way-there = 行き: { $way }
link-way-back = 帰り: { $way }
link-keeps-no-state = { $node } は片方の経路にしかないが、状態を持たない
link-lets-pass = { $node } は片方向しか見ないが、毎回 { $state } と判定して通す

## もう一方の通信が通る理由

contrast-state-each-new = 「{ $other }」は通る: { $node } にとって { $lives } は毎回新しいやり取りの始まり（ct state { $lives-how }）だが、{ $dies } は既存のコネクションに合わなければならない（ct state { $dies-how }）。
contrast-state = 「{ $other }」は通る: { $node } は { $lives } を { $lives-how }、{ $dies } を { $dies-how } と判定する。
contrast-rule = 「{ $other }」は通る: { $lives-how ->
    [none] { $node } に { $lives } を止めるルールはない
   *[other] { $node } のルール「{ $lives-how }」が { $lives } を通す
  }が、{ $dies } は「{ $dies-how }」に当たる。
contrast-length = 「{ $other }」は通る: { $lives } は { $lives-how } バイトで MTU に収まるが、{ $dies } は { $dies-how } バイトある。
contrast-end-system = 「{ $other }」は通る: { $lives } には { $node } のシステム自身が応答するが、{ $dies } には待ち受けるサービスが必要。
contrast-end-service = 「{ $other }」は通る: { $node } には { $lives } の待ち受けはあるが、{ $dies } の待ち受けはない。
contrast-other-way = 「{ $other }」は通る: { $lives } は { $node } を通らない。

## 対処

cure-route = { $device } に経路 { $to } → { $via }（{ $router }）を追加
cure-gateway = { $device } のデフォルトゲートウェイを { $via }（{ $router }）に変更
cure-accept-redirects = { $device } で ICMP リダイレクトを受け入れる（accept_redirects=1）
cure-shared-media = { $device } でデフォルトゲートウェイ以外へのリダイレクトも受け入れる（shared_media=1）
cure-send-redirects = { $device } に ICMP リダイレクトを送信させる（send_redirects=1）
cure-masquerade = { $device } で { $from } から { $to } への送信元アドレスを変換（マスカレード）し、応答が戻ってくるようにする
cure-loose-rp-filter = { $device } のリバースパスフィルタを緩める（rp_filter=2）
cure-forwarding = { $device } の転送を有効にする（ip_forward=1）
cure-accept-rule = { $device } のルールの先頭で許可する: 「{ $rule }」
cure-mtu-probing = { $device } に Path MTU を自ら探らせる（tcp_mtu_probing=1）
cure-mtu = { $device } の { $interface } の MTU を { $mtu } に変更
cure-echo = { $device } をエコー要求に応答させる
cure-timeout = { $device } にアイドル状態のコネクションをより長く保持させる（{ $setting }={ $value }）

## 機器がパケットに対して行うこと

step-conntrack = コネクション追跡: { $state }
step-rule-accept = ルール「{ $rule }」が許可
step-rule-continue = ルール「{ $rule }」に一致
step-rule-translate = ルール「{ $rule }」がアドレスを変換
step-translated-source = 送信元を変換
step-translated-destination = 宛先を変換
step-route = 経路: { $dev } から { $via } へ
step-route-link = 経路: { $dev } に直結
step-route-local = この機器宛て
step-neighbour-asked = ネクストホップの MAC アドレスを問い合わせ
step-fragmented = { $pieces } 個に分割
step-dies = 破棄: { $reason }
step-taken = 受信
step-passes = 送信

## ランプと通信

stage-request = 要求
stage-reply = 応答
light-arrived = 到達
light-arrived-later = 再送で到達
light-lost = { $device } で破棄
light-missing = 未到達
light-never-sent = 送信されず
purpose-ping = ping
purpose-web = Web ページ
purpose-ssh = ssh
purpose-tcp = TCP { $port }
purpose-udp = UDP { $port }
purpose-traceroute = traceroute

## 破棄の理由（短い形）

short-rule = ルールで破棄
short-rule-rejected = ルールで拒否
short-rule-invalid = INVALID としてルールで破棄

## 原因ごとの文のうち、複数の形があるもの

cause-asymmetric-harmless-links = 行きと帰りで同じ機器の間の別のセグメントを通っていますが、どの機器も両方向を見ているため問題ありません。
cause-rp-filter-no-route = { $packet } は { $node } で破棄されています。{ $node } には { $address } へ戻る経路がなく、応答できない送信元を rp_filter が拒否しています。
cause-rp-filter-arp = { $node } は { $packet } に応答しません。{ $node } から { $address } へ戻る経路が、要求を受信したインターフェースとは別のインターフェースを向いているためです（rp_filter）。
cause-fragmentation-needed-local = { $node } 自身が送信を拒否しています。この経路について { $node } が把握している MTU を超えていますが、フラグメント禁止（DF）です。
cause-no-answer-more = { $node } は { $seen } を返した後、何も送っていません。{ $client } は続きを待っています。
cause-conntrack-forgotten-sent = { $node } にはもうこのコネクションのエントリがありません。{ $packet } はこれまでと違う送信元で送られ、相手には見覚えのないパケットになっています。
cause-conntrack-forgotten-taken = { $node } にはもうこのコネクションのエントリがなく、{ $packet } を元のアドレスに戻さずに自分宛てとして受け取っています。

## ネットワークの変更

change-link-down = { $node } の { $dev } を停止
change-link-up = { $node } の { $dev } を起動
change-cable-out = { $node } の { $dev } のケーブルを抜く
change-cable-in = { $node } の { $dev } のケーブルを挿す
change-route-add = { $node } に経路 { $route } を追加
change-route-replace = { $node } の経路を { $route } に変更
change-route-del = { $node } の経路 { $route } を削除
change-address-add = { $node } にアドレス { $address } を追加
change-address-del = { $node } のアドレス { $address } を削除
change-sysctl = { $node } の設定を { $setting } に変更
change-nft = { $node } のルールを変更
change-neigh-flush = { $node } の ARP テーブルを消去
change-conntrack-flush = { $node } のコネクション追跡テーブルを消去

link-stale-entry = { $node } の ARP エントリでは { $address } がまだ { $holder } の MAC アドレスになっている
link-owner-now = この時点で { $address } を持つのは { $node }
link-is-broadcast = { $address } は { $node } の { $own } のブロードキャストアドレス
link-mtus-differ = { $from }（MTU { $own }）は一度に { $length } バイトを送るが、{ $node } が受け取れるのは { $mtu } バイトまで
link-owner-off = { $address } を持つのは { $node } だが、その { $dev } がダウンしているかケーブルがない
link-source-changed = { $node } を出るときの送信元が { $then } から { $now } に変わった
link-other-segment = { $node } と { $other } の間: 行きはセグメント { $there }、帰りは { $back }
link-arp-unanswered = { $address } を持つのは { $node } だが、{ $by } の ARP 要求に応答しない
link-route-mtu = { $node } が { $dev } から一度に送れるのは { $mtu } バイトまで
