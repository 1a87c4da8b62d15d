cat > /dev/null
cat <<'END'
{"protocol":1,"files":[{"name":"../cards.txt","text":"hello\n"}],"diagnostics":[]}
END
