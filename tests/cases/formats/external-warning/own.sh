cat > /dev/null
cat <<'END'
{"protocol":1,"files":[{"name":"cards.txt","text":"hello\n"}],"diagnostics":[{"severity":"warning","message":"the answer is short","note":0},{"severity":"warning","message":"no colour"}]}
END
