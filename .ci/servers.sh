# shellcheck shell=bash
# Makes the servers that tests start be there, those of stores and Prometheus, and the browser for the debug page, and puts them in PATH:
# source it, or run it before the tests. What is there stays; what is missing is installed, on a bare Debian as root, and other than Debian's
# packages below GOPATH.

# go_server installs a command of a module at a version.
go_server() { # name module version path
	local binary
	binary=$(go env GOPATH)/bin/$1
	if [ -x "$binary" ] && go version -m "$binary" | grep "mod[[:space:]]$2[[:space:]]$3" >/dev/null; then
		return
	fi
	GOBIN=$(go env GOPATH)/bin go install "$2$4@$3"
}

# debian installs packages for those commands that are missing.
debian() { # "command:package …" …
	local missing=() packages pair
	for pair in "$@"; do
		read -ra packages <<<"${pair#*:}"
		command -v "${pair%%:*}" >/dev/null || missing+=("${packages[@]}")
	done
	if [ ${#missing[@]} -eq 0 ]; then
		return
	fi
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# npm_server installs a command of an npm package at a version.
npm_server() { # command package version
	command -v "$1" >/dev/null || npm install --global --prefix "$(go env GOPATH)" --silent --no-audit --no-fund --no-update-notifier "$2@$3" >/dev/null
}

# npm_file installs an npm package at a version for a file in it.
npm_file() { # file package version
	[ -f "$(go env GOPATH)/lib/node_modules/$1" ] ||
		npm install --global --prefix "$(go env GOPATH)" --silent --no-audit --no-fund --no-update-notifier "$2@$3" >/dev/null
}

install_servers() {
	debian redis-server:redis-server node:nodejs npm:npm chromium:chromium prometheus:prometheus
	go_server versitygw github.com/versity/versitygw v1.8.0 /cmd/versitygw
	go_server fake-gcs-server github.com/fsouza/fake-gcs-server v1.56.1 ''
	npm_server dynalite dynalite 4.0.0
	npm_server azurite-blob azurite 3.35.0
	npm_file axe-core/axe.min.js axe-core 4.14.1
}

PATH=$PATH:$(go env GOPATH)/bin
export PATH
install_servers >&2
