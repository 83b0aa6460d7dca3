package api

// routes says what is answered where, and with what it is open. A line here, a deed in the file of its subject.
func (s *Server) routes() {
	do(s, "GET "+DescriptionPath, anyone, "This description, which tells nothing of the party.", s.description)
	do(s, "GET /v1/server", reads, "Whose server this is.", s.server)
	do(s, "GET /v1/today", reads, "What is new and waits, in every group of the person.", s.today)
	do(s, "GET /v1/board", reads, "All that is open, in every group of the person.", s.boards)
	do(s, "GET /v1/search", reads, "Finds elements by words, in every group of the person.", s.search)
	do(s, "GET /v1/e/{ref}", reads, "In which groups a reference is.", s.where)
	do(s, "GET "+CalendarPath, reads, "The person's deadlines in iCalendar: references and kinds of deadline alone.", s.calendarFeed)
	do(s, "GET /v1/settings", reads, "What is the person's own on this server.", s.settings)
	do(s, "POST /v1/settings/keys/{key}/remove", atHome, "Forgets one of the person's own security keys.", s.removeKey)

	s.groupRoutes()
	s.monitorRoutes()

	do(s, "POST /v1/groups", atHome, "Convenes a group with parties that are known here.", s.convene)
	do(s, "GET /v1/invited", atHome, "Groups that wait for an answer.", s.invited)
	do(s, "POST /v1/invited/{id}", atHome, "Joins such a group, or declines it.", s.answerInvitation)
	do(s, "POST /v1/invite", atHome, "Writes an invitation file for another party.", s.invite)
	do(s, "POST /v1/invitation", atHome, "Says what an invitation file says. Nothing is changed.", s.readInvitation)
	do(s, "POST /v1/join", atHome, "Takes up an invitation, once the numbers have been compared.", s.join)
	do(s, "POST /v1/reply", atHome, "Says what a reply file says. Nothing is changed.", s.readReply)
	do(s, "POST /v1/accept", atHome, "Takes up a reply, once the numbers have been compared.", s.accept)
	do(s, "GET /v1/counterparts", reads, "The counterparts, and how it stands with them.", s.counterparts)
	do(s, "POST /v1/counterparts/{code}/address", atHome, "Says where a counterpart is reached.", s.address)

	do(s, "GET /v1/people", atHome, "This party's people.", s.people)
	do(s, "POST /v1/people", atHome, "Adds somebody, or changes the name.", s.addPerson)
	do(s, "POST /v1/people/{id}/remove", atHome, "Removes somebody: sessions and tokens end at once.", s.removePerson)
	do(s, "POST /v1/links", atHome, "Makes a one-time link for signing in.", s.newLink)
	do(s, "GET /v1/tokens", atHome, "The tokens, without their secrets.", s.tokens)
	do(s, "POST /v1/tokens", atHome, "Issues a token. Its secret is in the answer, and is never told again.", s.issueToken)
	do(s, "POST /v1/tokens/{id}/revoke", atHome, "Ends a token at once.", s.revokeToken)

	do(s, "POST /v1/sync", atHome, "Exchanges with one counterpart, or all, at once.", s.sync)
	do(s, "GET /v1/exchanges", reads, "The record of exchange, newest first.", s.exchanges)
	do(s, "POST /v1/bundle/write", atHome, "Writes a bundle for a counterpart.", s.writeBundle)
	do(s, "POST /v1/bundle/read", atHome, "Says what a bundle would change. Nothing is changed.", s.readBundle)
	do(s, "POST /v1/bundle/apply", atHome, "Applies a bundle: all of it or nothing.", s.applyBundle)

	do(s, "POST /v1/recover", atHome, "Opens a new epoch where this server may not write.", s.recover)
	do(s, "POST /v1/backup", atHome, "Copies the data folder while it is in use.", s.backup)

	s.mux.HandleFunc("/", s.nowhere)
}

// groupRoutes is what is answered about a group, to who sits in it.
func (s *Server) groupRoutes() {
	do(s, "GET /v1/g", reads, "The groups that the person sits in.", s.groups)
	in(s, "GET /v1/g/{g}", reads, "A group: its charter, delegations and what may be done in it.", s.group)
	in(s, "GET /v1/g/{g}/plan", reads, "The plan as a tree, one level at a time.", s.outline)
	in(s, "GET /v1/g/{g}/e/{ref}", reads, "All about one element.", s.element)
	in(s, "GET /v1/g/{g}/e/{ref}/diff", reads, "How two revisions of an element differ.", s.diff)
	in(s, "GET /v1/g/{g}/e/{ref}/silences", reads, "The action sheets of an element's silence procedures.", s.silences)
	in(s, "GET /v1/g/{g}/doc", reads, "The joint document, paragraph by paragraph.", s.document)
	in(s, "GET /v1/g/{g}/negotiation", reads, "What is open, and whose turn it is.", s.negotiation)
	in(s, "GET /v1/g/{g}/board", reads, "All that is open in a group, sorted and filtered.", s.board)
	in(s, "GET /v1/g/{g}/rounds", reads, "The rounds of talks.", s.rounds)
	in(s, "GET /v1/g/{g}/rounds/{ref}", reads, "A round: agenda, who sat, and what was open as it opened and closed.", s.round)
	in(s, "GET /v1/g/{g}/changes", reads, "What changed between two moments, and by whom.", s.changes)
	in(s, "GET /v1/g/{g}/course", reads, "How much was open as each round opened and closed, and is now.", s.course)
	in(s, "GET /v1/g/{g}/statements", reads, "The statements that the plan is drawn from.", s.statements)
	in(s, "GET /v1/g/{g}/s/{ref}", reads, "A statement's passages, and what answers to each.", s.coverage)
	in(s, "GET /v1/g/{g}/gaps", reads, "What the plan leaves open: no lead, no date, no passage.", s.gaps)
	in(s, "GET /v1/g/{g}/news", reads, "Whether a group has changed; waits for it if asked.", s.news)
	in(s, "GET /v1/g/{g}/log", reads, "How far the logs have come, and one party's entries.", s.log)
	in(s, "GET /v1/g/{g}/entry", reads, "One entry of a log, with everything that it says.", s.entry)
	in(s, "GET /v1/g/{g}/text", reads, "A document, or the rolling text, as plain text.", s.documentText)
	in(s, "GET /v1/g/{g}/proof", reads, "The proof of a document or of the plan: one file.", s.proofFile)
	in(s, "POST /v1/g/{g}/acts", writes, "Sends acts: all of them or none.", s.acts)

	in(s, "POST /v1/g/{g}/import/read", writes, "Says what a draft in Markdown or plain text says. Nothing is sent.", s.readImport)
	in(s, "POST /v1/g/{g}/import", writes, "Tables a draft in Markdown or plain text, once.", s.importDraft)

	in(s, "GET /v1/g/{g}/margin", reads, "The national margin of a group, for its delegation alone.", s.groupMargin)
	in(s, "POST /v1/g/{g}/margin", writes, "Writes into the national margin of a group. Nothing is sent.", s.writeGroupMargin)
	in(s, "GET /v1/g/{g}/e/{ref}/margin", reads, "The national margin of an element, for the delegation alone.", s.margin)
	in(s, "POST /v1/g/{g}/e/{ref}/margin", writes, "Writes into the national margin of an element. Nothing is sent.", s.writeMargin)
	in(s, "POST /v1/g/{g}/e/{ref}/margin/draft", writes, "Keeps a text that is being prepared. Nothing is sent.", s.keepDraft)
	in(s, "POST /v1/g/{g}/e/{ref}/margin/clear", atHome, "Clears one exact text. Nothing is sent.", s.clearDraft)
	in(s, "POST /v1/g/{g}/e/{ref}/margin/release", atHome, "Lets one exact text out once although it was held. Nothing is sent.", s.releaseDraft)
	in(s, "POST /v1/g/{g}/e/{ref}/margin/check", writes, "Checks a text against the margin. Nothing is sent.", s.checkDraft)
}

// monitorRoutes is what is answered about what a group watches, to who sits in it.
func (s *Server) monitorRoutes() {
	in(s, "GET /v1/g/{g}/monitor", reads, "How it stands with the agreements that are watched.", s.monitor)
	in(s, "GET /v1/g/{g}/monitor/calendar", reads, "Which reports are expected, and which disputes run.", s.monitorCalendar)
	in(s, "GET /v1/g/{g}/monitor/{ref}", reads, "All about an obligation: verdict, readings, rule, disputes.", s.obligation)
	in(s, "GET /v1/g/{g}/agreements/{ref}", reads, "How it stands with one agreement.", s.agreement)
	in(s, "GET /v1/g/{g}/programmes", reads, "The programmes that are followed.", s.programmes)
	in(s, "GET /v1/g/{g}/programmes/{ref}", reads, "A programme: milestones, sightings, hypotheses.", s.programme)
	in(s, "GET /v1/g/{g}/evidence/{ref}", reads, "The verdict on an obligation, for strangers to compute again: one file.", s.evidenceFile)
	in(s, "POST /v1/g/{g}/try", writes, "Tries a rule on the readings that there are. Nothing is sent.", s.try)

	in(s, "POST /v1/g/{g}/observations", writes, "Sends observations: all of them or none.", s.observe)
	in(s, "POST /v1/g/{g}/observations/takeback", writes, "Takes batches of one's own observations back.", s.takeBack)
	in(s, "POST /v1/g/{g}/import/observations", writes, "Reads a file of observations and, if asked, sends them: all of them or none.", s.importReadings)
	in(s, "POST /v1/g/{g}/attest", writes, "Sends this party's verdicts.", s.attest)
	in(s, "POST /v1/g/{g}/dispute", writes, "Starts, answers or closes a dispute.", s.dispute)
	in(s, "POST /v1/g/{g}/e/{ref}/margin/reading", writes, "Keeps an observation in the national margin. Nothing is sent.", s.keepReading)
}
