cat > /dev/null
echo '{"protocol":2,"files":[],"diagnostics":[]}'
