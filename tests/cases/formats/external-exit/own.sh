cat > /dev/null
echo "no such font" >&2
exit 4
