//go:build openapi_generator

// A candidate's own client, made by openapi-generator.
package main

import (
	"context"
	"errors"
	"os"

	api "clients/generated"
)

func refused(err error) string {
	var failure *api.GenericOpenAPIError
	if !errors.As(err, &failure) {
		panic("it was not refused")
	}
	switch problem := failure.Model().(type) {
	case api.Problem:
		return string(problem.Type)
	case api.FieldProblem:
		return string(problem.Type) + " " + problem.Errors[0].Pointer
	}
	panic(err)
}

func hold(ctx context.Context) told {
	configuration := api.NewConfiguration()
	configuration.Servers = api.ServerConfigurations{{URL: os.Getenv("BASE")}}
	client := api.NewAPIClient(configuration)
	asked := api.CreateRequest{CandidateName: api.PtrString("Ada"), Role: api.PtrString("Baker")}
	created, _, err := client.InterviewsAPI.CreateInterview(ctx).CreateRequest(asked).Execute()
	check(err)
	id := created.SessionId
	ctx = context.WithValue(ctx, api.ContextAccessToken, created.SessionToken)

	turn := func(event api.CandidateEvent) (*api.Turn, error) {
		event.SessionId = id
		answer, _, err := client.TurnsAPI.TakeTurnAsCandidate(ctx).CandidateEvent(event).Execute()
		return answer, err
	}
	answer := func(text string) (*api.Turn, error) {
		return turn(api.CandidateEvent{EventType: "user_turn", EventId: api.PtrString("e1"), UserText: &text})
	}

	var result told
	_, err = answer(written)
	result.Refusals = append(result.Refusals, refused(err))
	greeting := must(turn(api.CandidateEvent{EventType: "start"}))
	_, err = answer(" ")
	result.Refusals = append(result.Refusals, refused(err))
	reply := must(answer(written))
	heard := api.NewHeard(reply.Seq, reply.AssistantText[:5])
	parts := []api.SpokenPart{{Id: spoken[0].id, Text: spoken[0].text}, {Id: spoken[1].id, Text: spoken[1].text}}
	speech := &api.Speech{Words: 5, SpeechMs: 1500, Pauses: 1, LongestPauseMs: 1000}
	said := api.CandidateEvent{EventType: "user_turn", EventId: &parts[1].Id, Parts: parts, Heard: heard, Speech: speech}
	must(turn(said))
	end := must(turn(api.CandidateEvent{EventType: "finish"}))
	read, _, err := client.InterviewsAPI.ReadInterview(ctx, id).Execute()
	check(err)
	_, err = client.InterviewsAPI.DeleteInterview(ctx, id).Execute()
	check(err)
	_, _, err = client.InterviewsAPI.ReadInterview(ctx, id).Execute()
	result.Refusals = append(result.Refusals, refused(err))

	result.Done = end.Done
	result.Clocks = []bool{greeting.MovesOnAt.Get() != nil, read.MovesOnAt.Get() != nil}
	for _, message := range read.Messages {
		result.Sources = append(result.Sources, (*string)(message.Source.Get()))
		if message.Role == "user" {
			result.Words = append(result.Words, message.Text)
		}
	}
	return result
}
