package collect_test

import (
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// Most tests start from one of these two states, worlds of octoDemo after a story.
var begun, complete testworld.Beginning[state]

// state is what a world has besides its store.
type state struct {
	ref     connector.Ref
	tasks   []testworld.Task
	notices []connector.Notice
}

// after returns a copy of the world as it is after the story. Its simulated GitHub has counted no calls yet.
func after(t *testing.T, from *testworld.Beginning[state], story func() *world) *world {
	t.Helper()
	folder, told := from.Copy(t, func() (string, state) {
		w := story()
		return w.Folder, state{w.ref, w.queued(), w.sent()}
	})
	w := createIn(t, folder, octoDemo())
	if err := w.Parts.Vault.Put(t.Context(), told.ref.Tenant, told.ref.ID, credential.NewToken(secret)); err != nil {
		t.Fatal(err)
	}
	for _, task := range told.tasks {
		_ = w.Queue.SendLater(t.Context(), task.Task, task.Delay)
	}
	w.ref, w.notices.sent = told.ref, slices.Clone(told.notices)
	return w
}
