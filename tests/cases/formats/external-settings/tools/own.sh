options=$(grep '"options"' | base64 | tr -d '\n')
printf '{"files":[{"name":"options.txt","base64":"%s"},{"name":"folder.txt","text":"%s"}]}' "$options" "$(basename "$PWD")"
