package api

// routes says what is answered where. A line here, a deed in the file of its subject.
func (s *Server) routes() {
	s.do("GET /v1/server", s.server)
	s.do("GET /v1/today", s.today)
	s.do("GET /v1/search", s.search)
	s.do("GET /v1/e/{ref}", s.where)

	s.do("GET /v1/g", s.groups)
	s.in("GET /v1/g/{g}", s.group)
	s.in("GET /v1/g/{g}/plan", s.outline)
	s.in("GET /v1/g/{g}/e/{ref}", s.element)
	s.in("GET /v1/g/{g}/e/{ref}/diff", s.diff)
	s.in("GET /v1/g/{g}/doc", s.document)
	s.in("GET /v1/g/{g}/negotiation", s.negotiation)
	s.in("GET /v1/g/{g}/statements", s.statements)
	s.in("GET /v1/g/{g}/s/{ref}", s.coverage)
	s.in("GET /v1/g/{g}/gaps", s.gaps)
	s.in("GET /v1/g/{g}/log", s.log)
	s.in("GET /v1/g/{g}/text", s.documentText)
	s.mux.HandleFunc("GET /v1/g/{g}/proof", s.proofFile)
	s.in("POST /v1/g/{g}/acts", s.acts)

	s.do("POST /v1/groups", s.convene)
	s.do("GET /v1/invited", s.invited)
	s.do("POST /v1/invited/{id}", s.answerInvitation)
	s.do("POST /v1/invite", s.invite)
	s.do("POST /v1/invitation", s.readInvitation)
	s.do("POST /v1/join", s.join)
	s.do("POST /v1/reply", s.readReply)
	s.do("POST /v1/accept", s.accept)
	s.do("GET /v1/counterparts", s.counterparts)
	s.do("POST /v1/counterparts/{code}/address", s.address)

	s.do("GET /v1/people", s.people)
	s.do("POST /v1/people", s.addPerson)
	s.do("POST /v1/people/{id}/remove", s.removePerson)
	s.do("POST /v1/links", s.newLink)

	s.do("POST /v1/sync", s.sync)
	s.do("GET /v1/exchanges", s.exchanges)
	s.do("POST /v1/bundle/write", s.writeBundle)
	s.do("POST /v1/bundle/read", s.readBundle)
	s.do("POST /v1/bundle/apply", s.applyBundle)

	s.do("POST /v1/recover", s.recover)
	s.do("POST /v1/backup", s.backup)
}
