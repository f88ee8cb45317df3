package githubsim

import (
	"encoding/json"
	"net/http"
	"strconv"
)

const docs = "https://docs.github.com/rest"

// refusal is an error answer of the API.
type refusal struct {
	status  int
	message string
	docs    string
	sso     string // value of X-GitHub-SSO
}

func (f refusal) write(w http.ResponseWriter) {
	if f.sso != "" {
		w.Header().Set("X-GitHub-SSO", f.sso)
	}
	if f.docs == "" {
		f.docs = docs
	}
	writeJSON(w, f.status, map[string]string{
		"message":           f.message,
		"documentation_url": f.docs,
		"status":            strconv.Itoa(f.status), // a string, in GitHub's bodies
	})
}

var notFound = refusal{status: http.StatusNotFound, message: "Not Found"}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the client has disconnected
}
