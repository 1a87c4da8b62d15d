cat > /dev/null
echo hello
