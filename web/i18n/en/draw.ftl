# Drawing: tools, outline, selection.
