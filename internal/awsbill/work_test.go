package awsbill_test

import (
	"maps"
	"strings"
)

// work is what something asks of AWS and of GitHub, summed up over its runs.
type work struct {
	Runs       int            `json:"runs"`  // of functions
	Calls      map[string]int `json:"calls"` // by action, as permissions name them
	WriteUnits float64        `json:"writeUnits"`
	ReadUnits  float64        `json:"readUnits"`

	// Connections is how many DynamoDB saw at most at once in each run, summed up over the runs; on each it asks KMS for the
	// table's key anew.
	Connections int `json:"connections"`

	GitHubCalls int `json:"gitHubCalls"`
	LogBytes    int `json:"logBytes"`
	AnswerBytes int `json:"answerBytes,omitempty"`

	// WaitSeconds and CPUSeconds are of all runs, on the machine on which they were measured.
	WaitSeconds float64 `json:"waitSeconds"`
	CPUSeconds  float64 `json:"cpuSeconds"`
}

// of sums up the calls of a service.
func (w work) of(service string) (calls float64) {
	for action, n := range w.Calls {
		if strings.HasPrefix(action, service+":") {
			calls += float64(n)
		}
	}
	return calls
}

// all sums up all calls.
func (w work) all() (calls float64) {
	for _, n := range w.Calls {
		calls += float64(n)
	}
	return calls
}

// plus adds what something else asks for.
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
