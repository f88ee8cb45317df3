package awsbill_test

import "math"

// Rows that are not part of the total: what changes if an assumption does.

// furtherYear returns what each year after the first adds to the days that are kept.
func furtherYear(f figures, p priceList) line {
	return line{"Each further year of days, besides", []string{"storage", "recovery"}, func(n float64) float64 {
		return n * history * float64(f.DayBytes) / gigabyte * (p.of("storage") + p.of("recovery"))
	}}
}

// slowerGitHub returns what Lambda's time adds if GitHub takes twice as long as assumed. All waiting of polls is counted as waiting for
// GitHub, so it is the most.
func slowerGitHub(f figures, p priceList, t template) line {
	return line{"If GitHub answers after 0.8 s, besides", []string{"compute"}, func(n float64) float64 {
		return n * weeks * f.Polls.WaitSeconds * t.memory["Collect"] / 1024 * p.of("compute")
	}}
}

const (
	pollsAtOnce, pollsAnHour = 100, 2000 // with one App, as internal/collect has them
	waitsAnHour              = 4         // a task goes back into the queue for 15 minutes
	turnSeconds              = 0.05      // of a run that only reads its connector and puts the task back
	signSeconds              = 0.3       // of a run of mint, with its start
	appCalls                 = 2         // of GitHub with a JWT, that a poll with a token does not make
)

// turns returns how often all tasks of a day wait for their turn.
func turns(connectors float64) (times float64) {
	for place := pollsAtOnce; place < int(connectors); place++ {
		times += math.Ceil(float64(place-pollsAtOnce) * waitsAnHour / pollsAnHour)
	}
	return times
}

// withApp returns the lines of connectors that use the stack's own GitHub App. They replace those of Secrets Manager: one secret and one
// key for all, at most one signature for each poll, because a JWT is used again, and the tasks that wait for their turn.
func withApp(f figures, p priceList, t template) line {
	return line{"With the stack's own GitHub App, in the place of Secrets Manager", []string{"secret", "key", "signature"}, func(n float64) float64 {
		polls, waits := n*weeks*float64(f.Polls.Runs), days*turns(n)
		run := p.of("run") + traceShare*p.of("trace") + lambdaLog/float64(gigabyte)*(p.of("logIngested")+p.of("logStored"))
		second := func(function string) float64 { return t.memory[function] / 1024 * p.of("compute") }
		sign := p.of("signature") + run + signSeconds*(second("Mint")+second("Collect"))
		wait := run + turnSeconds*second("Collect") + p.of("read") + 3*p.of("queueRequest") // sent, received and deleted
		longer := appCalls * gitHubAnswers.Seconds() * second("Collect")
		return p.of("secret") + p.of("key") + polls*(sign+longer) + waits*wait
	}}
}
