cat > /dev/null
cat <<'END'
{"protocol":1,"files":[],"diagnostics":[{"severity":"error","message":"no room for `Oslo`","note":0}]}
END
