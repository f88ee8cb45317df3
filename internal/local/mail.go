package main

import (
	"encoding/json"
	"net/http"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// listMail answers GET /local/mail: all mails, oldest first. A mail has line breaks, which edge.WriteJSON would replace.
func (a *app) listMail(w http.ResponseWriter, r *http.Request) {
	mails, err := a.mail.Mails(r.Context())
	if err != nil {
		a.log.Error("the mails cannot be read", "error", err)
		edge.NewProblem(http.StatusInternalServerError, "internal", "The mails cannot be read: the log says why.").Write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(mails) // fails only if the caller has disconnected
}
