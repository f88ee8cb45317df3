package awsbill_test

// load is how often a function runs in a day of the stack, in how many seconds of it, and in how many environments at once.
type load struct{ runs, seconds, environments float64 }

const (
	keyMinutes = 5    // DynamoDB asks KMS for the table's key once in so many minutes for each connection with traffic
	traceShare = 0.05 // of the runs beyond the first of each second, X-Ray traces so many
)

// fresh returns the number of runs that find no environment, and no connections, that were used in the last minutes. Environments live
// longer than that, so it is at least the number of starts.
func (l load) fresh() float64 {
	return min(l.runs, l.environments*(l.seconds/(60*keyMinutes)+1))
}

// traced returns the number of runs that X-Ray traces. The runs come one by one, so that as many seconds as possible have a first one.
func (l load) traced() float64 {
	return min(l.runs, l.seconds+traceShare*(l.runs-l.seconds))
}

// seconds returns how long all runs take in a function of so many MB. Less memory also means less processor.
func (w work) seconds(memory float64) float64 {
	return w.WaitSeconds + w.CPUSeconds*max(1, fullCPU/memory)
}

// gigabyteSeconds returns what Lambda charges for the runs without their starts.
func (w work) gigabyteSeconds(memory float64) float64 { return w.seconds(memory) * memory / 1024 }

// connections returns how many connections to DynamoDB a run uses at once.
func (w work) connections() float64 { return float64(w.Connections) / float64(w.Runs) }
