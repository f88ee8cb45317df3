// Package testrun lets all test binaries of one `make test` share what is costly to make: a running emulator, a built release.
// A host makes each thing when the first test asks for it, and only once. The host is the program in host/; it runs for as long as
// the tests do. This package must not know how a thing is made. Start reading at Ask.
package testrun

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"syscall"
)

// Variable names the environment variable with the address of the host. Without it, each test binary makes what it needs.
const Variable = "TESTRUN_HOST"

// Ask returns where the host keeps a thing: an address or a path. It reports whether there is a host.
func Ask(kind, name string) (where string, hosted bool, err error) {
	// With os.Getenv, go test would run every passed test again, because each host has another address. No result depends on it.
	host, hosted := syscall.Getenv(Variable)
	if !hosted {
		return "", false, nil
	}
	answer, err := http.Get(host + "/" + kind + "?name=" + url.QueryEscape(name)) //nolint:noctx // the address is on this machine; a test has a time limit
	if err != nil {
		return "", true, err
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return "", true, err
	case answer.StatusCode != http.StatusOK:
		return "", true, fmt.Errorf("%s %s: %s", kind, name, said)
	}
	return string(said), true, nil
}

// Handler returns the answers of a host that makes things of several kinds. Each thing is made once, even if that fails.
func Handler(makers map[string]func(name string) (where string, err error)) http.Handler {
	mux := http.NewServeMux()
	for kind, maker := range makers {
		var made sync.Map // by name; its values make the thing when they are first called
		mux.HandleFunc("GET /"+kind, func(w http.ResponseWriter, r *http.Request) {
			name := r.FormValue("name")
			once, _ := made.LoadOrStore(name, sync.OnceValues(func() (string, error) { return maker(name) }))
			where, err := once.(func() (string, error))() //nolint:forcetypeassert // no other type is stored
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			_, _ = io.WriteString(w, where)
		})
	}
	return mux
}
