# ラボの問題点とその対処。`similar` は空か、書き間違えたと思われる語。

link-unknown = ラボのリンクではありません。# の後ろに文書がありません。
    .remedy = リンク全体をコピーし直してください。# の後ろは { $known } とピリオドで始まります。
link-newer = このリンクの形式は { $found } です。このプログラムが読めるのは { $known } までです。
    .remedy = 新しいプログラムで開くか、ラボをファイルで受け取ってください。
link-letter = リンクの文書の { $place } 文字目に、リンクでは使えない文字「{ $found }」があります。
    .remedy = 前後の文字を含めずに、リンクをコピーし直してください。
link-cut = リンクの末尾が欠けています。
    .remedy = リンク全体をコピーし直してください。チャットやメールで途中から切れる場合は、ラボをファイルで受け取ってください。
link-damaged = リンクが途中で書き換わっていて、文書を復元できません。
    .remedy = 元の場所からコピーし直すか、ラボをファイルで受け取ってください。
link-too-large = 文書が大きすぎてリンクに収まりません (上限 { $limit } バイト)。
    .remedy = ファイルで渡してください。

document-too-large = 文書が { $limit } バイトを超えています。
    .remedy = 複数のラボに分けてください。
json-syntax = { $line } 行 { $column } 桁目が JSON として正しくありません: { $reason }
    .remedy = その直前の引用符、カンマ、括弧を確認してください。
duplicate-field = 項目 { $field } が 2 回以上書かれています。
    .remedy = 1 つだけ残してください。
version-missing = 形式のバージョンが書かれていません。
    .remedy = 先頭に "version": { $known } と書いてください。今回はそのバージョンとして扱います。
version-unknown = この文書の形式はバージョン { $found } ですが、このプログラムが扱えるのは { $known } までです。
    .remedy = 新しいバージョンのプログラムで開いてください。
unknown-field = { $field } という項目はここにはありません。無視されます。
    .remedy = { $similar ->
        [none] 削除するか、形式の説明で正しい名前を確認してください。
       *[other] { $similar } の書き間違いではありませんか。
    }
missing-field = 項目 { $field } がありません。
    .remedy = 追加してください。
wrong-type = 値の型が違います。「{ $expected }」が必要ですが、「{ $found }」です。
    .remedy = 「{ $expected }」に書き直してください。
unknown-word = { $found } はここでは使えません。
    .remedy = { $similar ->
        [none] 使えるのは { $words } です。
       *[other] { $similar } の書き間違いではありませんか。使えるのは { $words } です。
    }
out-of-range = { $found } は { $min } から { $max } までの範囲にありません。
    .remedy = { $min } から { $max } までの数を指定してください。
too-many = { $limit } 個を超えています。
    .remedy = 数を減らしてください。
too-long = { $limit } 文字を超えています。
    .remedy = 短くしてください。
bad-address = { $found } は IPv4 アドレスではありません。
    .remedy = 192.168.1.10 のように、0 から 255 までの数を 4 つ書いてください。
bad-prefix = { $found } はプレフィックス長付きの IPv4 アドレスではありません。
    .remedy = 192.168.1.10/24 のように書いてください。
bad-mac = { $found } は MAC アドレスではありません。
    .remedy = 02:00:00:01:00:10 のように、2 桁の 16 進数を 6 つ書いてください。
bad-value = { $found } を読み取れません。
    .remedy = 書き方: { $expected }

name-invalid = 「{ $name }」は名前に使えません。
    .remedy = 名前は 1 文字以上 64 文字以内で、スラッシュと引用符は使えません。機器名では空白、ドット、コロンも、インターフェイス名 (15 バイトまで) では空白も使えません。
name-duplicate = { $name } という名前は { $other } が使っています。
    .remedy = どちらかの名前を変えてください。
name-similar = { $name } と { $other } は大文字と小文字が違うだけです。
    .remedy = 紛らわしくない名前にしてください。
unknown-segment = { $name } というセグメントはありません。
    .remedy = { $similar ->
        [none] セグメントを追加するか、既存のものを指定してください。
       *[other] { $similar } の書き間違いではありませんか。
    }
unknown-device = { $name } という機器はありません。
    .remedy = { $similar ->
        [none] 機器を追加するか、既存のものを指定してください。
       *[other] { $similar } の書き間違いではありませんか。
    }
unknown-interface = { $device } に { $name } というインターフェイスはありません。
    .remedy = { $similar ->
        [none] インターフェイスを追加するか、既存のものを指定してください。
       *[other] { $similar } の書き間違いではありませんか。
    }
unknown-flow = { $name } という TCP のアクションはありません。
    .remedy = { $similar ->
        [none] 種類が tcp のアクションを指定してください。
       *[other] { $similar } の書き間違いではありませんか。
    }

subnet-host-bits = { $subnet } はホスト部が 0 になっていません。
    .remedy = { $network } と書いてください。
subnet-overlap = { $segment } のサブネット { $subnet } が { $other } と重なっています。
    .remedy = 重なりを試したいのでなければ、セグメントごとに別のサブネットにしてください。
address-outside-subnet = { $address } は { $segment } のサブネット { $subnet } の範囲外です。
    .remedy = { $subnet } の範囲のアドレスにするか、別のセグメントに接続してください。
address-prefix-differs = { $address } のプレフィックス長は { $prefix } ですが、セグメントのサブネットは { $subnet } です。
    .remedy = サブネットマスクの誤りを試したいのでなければ、サブネットと同じプレフィックス長にしてください。
address-duplicate = { $address } は同じセグメントの { $other } も使っています。
    .remedy = アドレスの重複を試したいのでなければ、どちらかを変えてください。
address-repeated = { $address } はこの機器の { $other } にもあります。
    .remedy = どちらかを削除してください。
address-is-network = { $address } はネットワークアドレスです。
    .remedy = サブネットの最初と最後を除いたアドレスにしてください。
address-is-broadcast = { $address } はブロードキャストアドレスです。
    .remedy = サブネットの最初と最後を除いたアドレスにしてください。
address-unusable = { $address } はインターフェイスに設定できないアドレスです。
    .remedy = 0.0.0.0、ループバック、マルチキャスト、ブロードキャスト以外のアドレスにしてください。
mac-unusable = { $mac } はグループ用か、どの機器のものでもない MAC アドレスです。
    .remedy = 02:00:00:01:00:10 のように先頭のバイトを偶数にするか、省略してください。
mac-duplicate = MAC アドレス { $mac } は { $other } も使っています。
    .remedy = どちらかを省略すれば、空いているものが割り当てられます。
mtu-differs = MTU は { $mtu } ですが、同じセグメントの { $other } では { $theirs } です。
    .remedy = MTU の不一致を試したいのでなければ、セグメント内で揃えてください。

gateway-off-subnet = ゲートウェイ { $gateway } はこの機器のどのサブネット ({ $subnets }) にもありません。
    .remedy = いずれかのサブネットにあるルーターのアドレスにしてください。このままではデフォルトルートが設定されません。
gateway-is-self = ゲートウェイ { $gateway } はこの機器自身のアドレスです。
    .remedy = 隣のルーターのアドレスにしてください。
next-hop-nobody = { $segment } に { $address } というアドレスの機器はありません。
    .remedy = アドレスを確認してください。この経路のパケットは「ホスト到達不能」になります。
route-next-hop-unreachable = ネクストホップ { $address } はこの機器のどのサブネット ({ $subnets }) にもないため、経路は追加されません。
    .remedy = いずれかのサブネットにあるルーターのアドレスにするか、dev と併せて onlink を指定してください。
route-incomplete = 経路にネクストホップもインターフェイスもないため、経路は追加されません。
    .remedy = via か dev、または破棄する type を追加してください。
route-host-bits = { $destination } はホスト部が 0 になっていないため、経路は追加されません。
    .remedy = { $network } と書いてください。
route-duplicate = { $destination } への同じメトリックの経路がすでにある ({ $other }) ため、この経路は追加されません。
    .remedy = どちらかを削除するか、メトリックを変えてください。
source-not-own = { $address } は { $device } のアドレスではありません。
    .remedy = この機器が持つアドレスにしてください。

setting-unknown = 設定 { $setting } はシミュレーションの対象外で、効果はありません。
    .remedy = { $similar ->
        [none] 効果を期待しているのであれば削除してください。
       *[other] { $similar } の書き間違いではありませんか。
    }
setting-range = { $setting } に { $found } は設定できません。
    .remedy = { $min } から { $max } までの数を指定してください。
nft-syntax = ルールの { $line } 行 { $column } 桁目: { $reason }
    .remedy = その箇所を修正してください。書き方は nft(8) と同じです。
nft-unsupported = ルールの { $line } 行 { $column } 桁目: 「{ $construct }」はシミュレーションの対象外です。
    .remedy = 削除するか、対応している書き方に変えてください。
nft-note = ルールの { $line } 行 { $column } 桁目: { $reason }
    .remedy = それで差し支えなければ、そのままで構いません。
nft-and-form = ルールがテキストとフォームの両方で書かれています。
    .remedy = nft だけ、または filter と nat だけを残してください。
rule-unknown-interface = ルールにある { $name } というインターフェイスは、この機器にはありません。
    .remedy = { $similar ->
        [none] 名前を確認してください。このままではルールが適用されることはありません。
       *[other] { $similar } の書き間違いではありませんか。このままではルールが適用されることはありません。
    }
rule-field-unused = この種類のルールでは項目 { $field } に意味がありません。
    .remedy = 削除してください。
rule-wrong = このルールは成り立ちません: { $reason }
    .remedy = 条件どうしが矛盾しないように修正してください。
nat-without-target = 変換先が書かれていません。
    .remedy = "to": "192.168.10.20:80" のように to を追加してください。
service-duplicate = ポート { $port } は { $other } が使っています。
    .remedy = 別のポートにするか、それぞれを別のアドレスに結び付けてください (bind)。

target-without-address = { $name } にはアドレスがありません。
    .remedy = アドレスを設定するか、宛先のアドレスを直接書いてください。
port-missing = ポートがありません。
    .remedy = port を追加してください。
action-after-end = アクションの開始は { $at } 秒ですが、シミュレーションは { $duration } 秒で終わります。
    .remedy = 開始を早めるか、duration を長くしてください。
bad-flags = { $found } は TCP フラグではありません。
    .remedy = F、S、R、P、A の文字で書いてください。

command-unknown = { $found } というコマンドには対応していません。
    .remedy = { $words } を使ってください。
command-wrong = ここに { $found } は書けません。
    .remedy = 必要なもの: { $expected }
command-ends = 行が途中で終わっています。
    .remedy = 必要なもの: { $expected }
