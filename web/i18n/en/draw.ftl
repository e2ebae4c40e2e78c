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

## Parts

rail-name = Tools
menu-name = What can be done
name-input = Name
several-name = Selected things
cancel = Cancel
new-sheet = New
new-sheet-title = A blank sheet. Undo brings this one back.
done = Done: { $change }
cable-name = Cable of { $device } { $interface } { $address } to { $segment }
help-picture = While the focus is on something selected in the network
help-hands = Wheel: zoom. Space and drag, or the middle button: move the view. Shift and click: select more. Alt while dragging: no grid. Right click or long press: menu.

## What keys and menus do

act-tool-select = Select
act-tool-segment = Segment
act-tool-host = Host
act-tool-router = Router
act-tool-l3-switch = L3 switch
act-tool-firewall = Firewall
act-tool-internet = Internet
act-connect = Connect by cable
act-gateway = Set the gateway
act-place = Place what the tool draws
act-name = Rename
act-select-all = Select all
act-copy = Copy
act-cut = Cut
act-paste = Paste
act-duplicate = Duplicate
act-delete = Delete
act-nudge-left = Move left
act-nudge-right = Move right
act-nudge-up = Move up
act-nudge-down = Move down
act-push-left = Move far left
act-push-right = Move far right
act-push-up = Move far up
act-push-down = Move far down
act-align-left = Align left edges
act-align-centre = Align one above the other
act-align-right = Align right edges
act-align-top = Align upper edges
act-align-middle = Align side by side
act-align-bottom = Align lower edges
act-spread-across = Spread evenly across
act-spread-down = Spread evenly down
act-tidy = Tidy up
act-menu = Menu of what is selected
act-outline = Outline as text

## Hints and notices

hint-select = Click to select, drag to move.
hint-segment = Drag to draw a segment, or click. Enter places one, Esc cancels.
hint-device = Click where it goes; on a segment, it is plugged in at once. Enter places one, Esc cancels.
hint-cable = Drag or click from a device to a segment, or to another device. Esc cancels.
hint-gateway = Drag or click from a device to the router that is to be its gateway. Esc cancels.
notice-no-shared-segment = { $host } cannot reach { $router } directly: no segment joins them. Connect them first.
notice-gateway-is-device = An arrow to a gateway leads from device to device.
notice-cable-needs-device = A cable leads from a device to a segment or to another device.
notice-copied = { $count ->
    [one] 1 thing copied.
   *[other] { $count } things copied.
  }
notice-paste-foreign = What is in the clipboard was not copied from here, so it cannot be pasted. Select something in a network and copy it first.
notice-paste-newer = What is in the clipboard was copied from a newer version of this page. Load this page again.
notice-paste-empty = There is nothing in the clipboard that can be drawn.
notice-paste-damaged = What is in the clipboard is damaged. { $problem }
notice-nothing-to-connect = There is nothing to connect it to yet. Draw a segment first.
notice-full = This lab is as large as a lab may be.

## A blank sheet

empty-title = A blank sheet
empty-text = A network in three steps:
empty-segment = 1. Draw a segment
empty-router = 2. Put a router on it
empty-host = 3. Put hosts on it
empty-more = Addresses and gateways come by themselves. Examples are at the top.

## Choosing a partner

pick-cable = Connect { $thing } to …
pick-gateway = Gateway of { $thing }
pick-search = Search
pick-new-segment = A new segment
pick-none = No gateway

## The outline

outline-name = Outline
outline-segments = Segments
outline-devices = Devices
outline-add = Add
outline-deed = { $deed }: { $thing }
no-subnet = no subnet
nobody-on-it = Nobody is on it.
on-it = On it: { $devices }
no-cable = no cable
deed-name = Rename
deed-connect = Connect
deed-duplicate = Duplicate
deed-delete = Delete
deed-replug = Plug in elsewhere
deed-unplug = Unplug

## Fields

field-renumber = New subnet for all that stands in it
renumber = Renumber
fault-subnet = This is no subnet. It looks like 192.168.1.0/24.
