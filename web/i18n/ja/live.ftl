# 時間のかかる実行。
run-going = 変更後のネットワークをシミュレートしています…
run-going-name = シミュレーションの進み具合
run-stopped = 中止しました。表示中の結果は、最後の変更より前のものです。
run-stop = 中止
run-again = シミュレートする
