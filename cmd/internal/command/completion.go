package command

import (
	"context"
	"errors"
	"strings"
	"text/template"
)

// shells are the scripts by which shells complete command lines: the commands first, then flags, which help tells, functions after why and
// accept, and directories elsewhere.
var shells = map[string]*template.Template{
	"bash": template.Must(template.New("bash").Parse(`_cachegen() {
	local word=${COMP_WORDS[COMP_CWORD]}
	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		COMPREPLY=($(compgen -W "{{.Commands}}" -- "$word") $(compgen -d -- "$word"))
		return
	fi
	if [[ $word == -* ]]; then
		COMPREPLY=($(compgen -W "$(cachegen help "${COMP_WORDS[1]}" 2>/dev/null | grep -o '^  -[a-z-]*')" -- "$word"))
		return
	fi
	case ${COMP_WORDS[1]} in
	why | accept) COMPREPLY=($(compgen -W "$(cachegen list ./... 2>/dev/null | {{.Names}})" -- "$word")) ;;
	cache) COMPREPLY=($(compgen -W "{{.Verbs}}" -- "$word")) ;;
	help) COMPREPLY=($(compgen -W "directives options messages {{.Commands}}" -- "$word")) ;;
	completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
	*) COMPREPLY=($(compgen -d -- "$word")) ;;
	esac
}
complete -F _cachegen cachegen
`)),
	"zsh": template.Must(template.New("zsh").Parse(`#compdef cachegen
_cachegen() {
	if ((CURRENT == 2)); then
		compadd {{.Commands}}
		_files -/
		return
	fi
	if [[ $PREFIX == -* ]]; then
		compadd -- $(cachegen help $words[2] 2>/dev/null | grep -o '^  -[a-z-]*')
		return
	fi
	case $words[2] in
	why | accept) compadd $(cachegen list ./... 2>/dev/null | {{.Names}}) ;;
	cache) compadd {{.Verbs}} ;;
	help) compadd directives options messages {{.Commands}} ;;
	completion) compadd bash zsh fish ;;
	*) _files -/ ;;
	esac
}
compdef _cachegen cachegen
`)),
	"fish": template.Must(template.New("fish").Parse(`complete -c cachegen -n __fish_use_subcommand -f -a "{{.Commands}}"
complete -c cachegen -n "string match -q -- '-*' (commandline -ct)" -f -a "(cachegen help (commandline -opc)[2] 2>/dev/null | string match -r '^  -[a-z-]+' | string trim)"
complete -c cachegen -n "__fish_seen_subcommand_from why accept" -f -a "(cachegen list ./... 2>/dev/null | {{.Names}})"
complete -c cachegen -n "__fish_seen_subcommand_from cache" -f -a "{{.Verbs}}"
complete -c cachegen -n "__fish_seen_subcommand_from help" -f -a "directives options messages {{.Commands}}"
complete -c cachegen -n "__fish_seen_subcommand_from completion" -f -a "bash zsh fish"
complete -c cachegen -n "__fish_seen_subcommand_from check list diff" -a "(__fish_complete_directories)"
`)),
}

// functionNames makes what people begin to write of each function in a list: its whole name, with its package's, and without: example.com/weather.Client.Get,
// weather.Client.Get and Client.Get.
const functionNames = `sed 's/ .*//; p; s,.*/,,; p; s/^[^.]*\.//'`

// runCompletion prints the script for a shell.
func runCompletion(_ context.Context, c *command, args []string) int {
	if code, ok := c.parse(args); !ok {
		return code
	}
	script := shells[c.flags.Arg(0)]
	if script == nil || c.flags.NArg() != 1 {
		return c.fail(errors.New("completion takes a shell: bash, zsh or fish; source <(cachegen completion bash)"))
	}
	var names []string
	for _, sub := range subcommands() {
		names = append(names, sub.name)
	}
	words := struct{ Commands, Verbs, Names string }{strings.Join(names, " "), strings.ReplaceAll(verbNames(), ",", ""), functionNames}
	if err := script.Execute(c.stdout, words); err != nil {
		return c.fail(err)
	}
	return exitOK
}
