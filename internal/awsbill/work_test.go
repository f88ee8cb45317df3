package awsbill_test

import (
	"maps"
	"strings"
)

// work is the sum of what all runs of something ask of AWS and of GitHub.
type work struct {
	Runs       int            `json:"runs"`  // runs of functions
	Calls      map[string]int `json:"calls"` // by IAM action
	WriteUnits float64        `json:"writeUnits"`
	ReadUnits  float64        `json:"readUnits"`

	// Connections is the sum, over all runs, of the most connections that DynamoDB had at once in the run. DynamoDB asks KMS for the
	// table's key on each connection.
	Connections int `json:"connections"`

	GitHubCalls int `json:"gitHubCalls"`
	LogBytes    int `json:"logBytes"`
	AnswerBytes int `json:"answerBytes,omitempty"`

	// WaitSeconds and CPUSeconds are sums over all runs, on the machine on which they were measured.
	WaitSeconds float64 `json:"waitSeconds"`
	CPUSeconds  float64 `json:"cpuSeconds"`
}

// of returns the number of calls to a service.
func (w work) of(service string) (calls float64) {
	for action, n := range w.Calls {
		if strings.HasPrefix(action, service+":") {
			calls += float64(n)
		}
	}
	return calls
}

// all returns the number of all calls.
func (w work) all() (calls float64) {
	for _, n := range w.Calls {
		calls += float64(n)
	}
	return calls
}

// plus returns the sum of two works.
func (w work) plus(other work) work {
	calls := maps.Clone(other.Calls)
	for action, n := range w.Calls {
		calls[action] += n
	}
	return work{
		Runs: w.Runs + other.Runs, Calls: calls, WriteUnits: w.WriteUnits + other.WriteUnits, ReadUnits: w.ReadUnits + other.ReadUnits,
		Connections: w.Connections + other.Connections, GitHubCalls: w.GitHubCalls + other.GitHubCalls,
		LogBytes: w.LogBytes + other.LogBytes, AnswerBytes: w.AnswerBytes + other.AnswerBytes,
		WaitSeconds: round(w.WaitSeconds + other.WaitSeconds), CPUSeconds: round(w.CPUSeconds + other.CPUSeconds),
	}
}
