package feature

import "cloudmonitor.ai/copilot-connector/internal/count"

// AgentSum adds up what agents did. It does not add up people, because somebody who works on two days would count twice.
type AgentSum struct {
	agents     *Agents
	thirdParty ThirdParty
}

// Add adds the agents of a day. nil means that the day reported no agents.
func (s *AgentSum) Add(day *Agents) {
	if day == nil {
		return
	}
	if s.agents == nil {
		s.agents = &Agents{}
	}
	if a := day.VSCode; a != nil {
		if s.agents.VSCode == nil {
			s.agents.VSCode = &VSCodeAgent{Sessions: new(int64), Messages: new(int64)}
		}
		sum := s.agents.VSCode
		sum.Sessions, sum.Messages = count.Add(sum.Sessions, a.Sessions), count.Add(sum.Messages, a.Messages)
	}
	if day.Cloud != nil {
		s.agents.Cloud = &CloudAgent{}
	}
	if a := day.App; a != nil {
		if s.agents.App == nil {
			s.agents.App = &App{Sessions: new(int64), Requests: new(int64)}
		}
		sum := s.agents.App
		sum.Sessions, sum.Requests = count.Add(sum.Sessions, a.Sessions), count.Add(sum.Requests, a.Requests)
	}
	s.thirdParty.Reported(day.ThirdParty != nil)
	for _, row := range day.ThirdParty {
		s.thirdParty.Add(row)
	}
}

// Total returns the sum, or nil if no day reported agents.
func (s *AgentSum) Total() *Agents {
	if s.agents != nil {
		s.agents.ThirdParty = s.thirdParty.List()
	}
	return s.agents
}
