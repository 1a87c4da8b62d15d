cat > /dev/null
echo '{"protocol":1,"files":[{"name":"../cards.txt","text":"hello\n"}],"diagnostics":[]}'
