# Drawing: tools, outline, selection.

## Changes, after “Undo:”

drawn-new = blank sheet
drawn-tidy = tidy up
drawn-add = add { $thing }
drawn-move = move { $thing }
drawn-resize = resize { $thing }
drawn-rename = rename { $thing }
drawn-subnet = subnet of { $thing }
drawn-renumber = renumber { $thing }
drawn-connect = connect { $thing }
drawn-move-cable = replug { $thing }
drawn-unplug = unplug { $thing }
drawn-delete = delete { $thing }
drawn-cut = cut { $thing }
drawn-duplicate = duplicate { $thing }
drawn-paste = paste { $thing }
drawn-align = align { $thing }
drawn-distribute = spread { $thing } evenly
drawn-gateway = gateway of { $thing }
things = { $count ->
    [one] 1 thing
   *[other] { $count } things
  }
a-segment = segment
cable-of = cable of { $device } ({ $interface })
