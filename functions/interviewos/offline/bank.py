"""The question bank: what to ask people of thirteen kinds of work, in the order in which to ask it.

Every question stands twice: as it is asked, and in plainer words for a candidate who asks for them. Each form holds
exactly one question mark. A word of a family stands for every word that begins with it, so that "nurs" finds a nurse
and nursing; a full stop after it ends the word, so that "hr." finds no hrs.
"""

from __future__ import annotations

from typing import NamedTuple


class Question(NamedTuple):
    """One question, as it is asked and in plainer words."""

    text: str
    plain: str


class Family(NamedTuple):
    """A kind of work: `titles` name it for certain, `hints` only suggest it."""

    name: str
    titles: tuple[str, ...]
    hints: tuple[str, ...]
    intro: tuple[Question, ...]
    experience: tuple[Question, ...]


def _listed(text: str) -> tuple[str, ...]:
    """Take a list apart at its commas."""
    return tuple(text.split(", "))


SOFTWARE = Family(
    name="software",
    titles=_listed(
        "software, developer, programmer, backend, back end, frontend, front end, full stack, fullstack, "
        "devops, site reliability, sre., web engineer, platform engineer, cloud engineer, mobile engineer, "
        "security engineer, cybersecurity, qa engineer, test engineer, sysadmin, system administrator, "
        "network engineer, embedded, solutions architect, softwareentwickl, entwickler, informatiker, "
        "programmierer, desarrollador, programador, développeu, developpeu, kubernetes, javascript"
    ),
    hints=_listed("engineer, coding, code., python, java., android, ios., linux, web., tester, it., cto."),
    intro=(
        Question(
            "What kind of software do you most like to build, and for whom?",
            "Which sort of programs do you enjoy working on?",
        ),
        Question(
            "What would the codebase and the team have to be like for you to do your best work?",
            "What do you need around you to work well on software?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a piece of software you built or changed that people came to rely on. What was the problem?",
            "Which program of yours mattered to other people, and what was it for?",
        ),
        Question(
            "Take me to a failure in production, or a bug that was hard to find. How did you track it down?",
            "When did something you worked on break, and how did you find the cause?",
        ),
        Question(
            "Think of a technical decision that colleagues saw differently. How was it settled?",
            "When did you and a colleague disagree about code, and what happened?",
        ),
        Question(
            "Tell me about a time you made something faster, cheaper or simpler. Where did you start?",
            "Which part of a system did you improve, and what was your first step?",
        ),
        Question(
            "Describe code you inherited and did not understand. How did you make it safe to change?",
            "How did you deal with old code that was hard to understand?",
        ),
        Question(
            "Tell me about a release you had to cut down or delay. How did you choose what stayed?",
            "When was there too little time, and how did you decide what to leave out?",
        ),
        Question(
            "Which review comment, given or received, changed how you write code?",
            "What did you once learn from a colleague who looked at your code?",
        ),
    ),
)

DATA = Family(
    name="data and machine learning",
    titles=_listed(
        "data scien, data analy, data engineer, machine learning, ml engineer, mlops, ai engineer, deep "
        "learning, research scientist, business intelligence, bi analyst, bi developer, statistic, "
        "datenanaly, data science, analytics engineer, analista de datos, científic, analyste de données, "
        "quantitative analyst, computer vision, nlp., business analyst"
    ),
    hints=_listed("data., analyst, analytics, sql., dashboard, models, ml., ai., research"),
    intro=(
        Question(
            "Which questions do you most like to answer with data?",
            "What do you enjoy finding out from data?",
        ),
        Question(
            "Where do you see your strength: in getting data right, in modelling, or in making people act on it?",
            "Which part of working with data are you best at?",
        ),
    ),
    experience=(
        Question(
            "Tell me about an analysis or a model of yours that changed a decision. What was being decided?",
            "When did your numbers make somebody do something differently, and what was it about?",
        ),
        Question(
            "Take me to a time when the data was wrong or incomplete. How did you notice?",
            "When did you find mistakes in data, and what gave them away?",
        ),
        Question(
            "Think of a model or a report that did worse in use than in testing. How did you find out why?",
            "When did something work in your tests but not in real life, and what did you do?",
        ),
        Question(
            "Tell me about a finding that somebody did not want to hear. How did you present it?",
            "When did you bring bad news from the data, and how did you say it?",
        ),
        Question(
            "Describe a time when a simple method beat a clever one. How did you decide between them?",
            "When was the simple way the better one, and how did you know?",
        ),
        Question(
            "How did you choose the measure of success in a project you remember well?",
            "In one of your projects, how did you know that it worked?",
        ),
        Question(
            "Tell me about a pipeline or a dashboard that others depended on. What did you do to keep it trustworthy?",
            "How did you make sure that people could trust your numbers?",
        ),
    ),
)

PRODUCT = Family(
    name="product and project management",
    titles=_listed(
        "product manag, product owner, product lead, head of product, project manag, program manag, programme "
        "manag, scrum master, delivery manag, project lead, project coordinator, agile coach, produktmanag, "
        "projektmanag, projektleit, chef de projet, cheffe de projet, jefe de proyecto, jefa de proyecto, "
        "chief product, release manag, change manag, pmo."
    ),
    hints=_listed("product., roadmap, backlog, stakeholder, sprint"),
    intro=(
        Question(
            "What sort of product or project brings out the best in you?",
            "Which kind of project do you like to lead?",
        ),
        Question(
            "How would a team that worked with you describe the way you lead without giving orders?",
            "How do you get people to do something when you are not their boss?",
        ),
    ),
    experience=(
        Question(
            "Tell me about something you took from an idea to its users. What was the problem it had to solve?",
            "Which product or project did you bring to the end, and what was it for?",
        ),
        Question(
            "Take me to a time when you said no to something important people wanted. How did you decide?",
            "When did you refuse a request, and why?",
        ),
        Question(
            "Think of a project that ran late or over its budget. When did you know, and what did you do first?",
            "Which project went badly for a while, and what was your first step?",
        ),
        Question(
            "Tell me about two groups who wanted opposite things from you. How did you bring them together?",
            "When did people want different things, and how did you solve it?",
        ),
        Question(
            "Describe a decision you made with too little information. What did you base it on?",
            "When did you have to decide without knowing enough, and how did you do it?",
        ),
        Question(
            "Tell me about something you launched that users did not take up. How did you find out why?",
            "Which idea of yours did not work with users, and what did you do then?",
        ),
        Question(
            "How did you keep a team going when priorities changed under its feet?",
            "What did you do for your team when plans changed suddenly?",
        ),
    ),
)

DESIGN = Family(
    name="design",
    titles=_listed(
        "designer, ux., ui., user experience, user research, art director, creative director, illustrator, "
        "graphic, gestalter, diseñador, diseñadora, graphiste, design lead, interior design, content design, "
        "motion design, architect., figma"
    ),
    hints=_listed("design, wireframe, prototype, usability, branding, creative"),
    intro=(
        Question(
            "What kind of problem do you like to solve with design?",
            "Which sort of design work do you enjoy most?",
        ),
        Question(
            "Where does your work usually begin: with people, with a brief, or with a sketch?",
            "What is the first thing you do in a new design job?",
        ),
    ),
    experience=(
        Question(
            "Pick one piece from your portfolio that you would defend. What was it meant to change, and for whom?",
            "Which of your designs are you ready to talk about, and what was it for?",
        ),
        Question(
            "Tell me about a time when watching users proved you wrong. What did you see?",
            "When did users surprise you, and how?",
        ),
        Question(
            "Think of feedback on your work that you found hard to take. What did you do with it?",
            "When did somebody criticise your design, and what did you change?",
        ),
        Question(
            "Take me to a design you had to cut down because of time or technology. How did you choose what to keep?",
            "When could you not build all you wanted, and what did you leave out?",
        ),
        Question(
            "Tell me about working with someone who builds what you design. Where did it get difficult?",
            "What was hard in working with developers or makers, and what helped?",
        ),
        Question(
            "How did you find out whether a design you shipped really worked?",
            "How did you know that a design of yours was good for its users?",
        ),
        Question(
            "Describe a time when the brief was vague or wrong. How did you get to the real problem?",
            "When was it unclear what people wanted from you, and how did you find out?",
        ),
    ),
)

SALES = Family(
    name="sales and marketing",
    titles=_listed(
        "sales, account executive, account manager, business development, marketing, marketer, copywriter, "
        "seo., brand manager, growth, public relations, pr manager, social media, vertrieb, vendedor, "
        "vendedora, ventas, comercial., commercial., salesperson, key account, real estate agent, content "
        "manager, communications manager"
    ),
    hints=_listed("selling, sold, campaign, quota, leads., pipeline, brand, crm."),
    intro=(
        Question(
            "What do you like to sell or to promote, and to what kind of customer?",
            "Which products and which customers suit you best?",
        ),
        Question(
            "What should a new employer know about the way you win people over?",
            "How do you convince people?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a deal or a campaign you are ready to be judged by. What was the aim?",
            "Which sale or campaign of yours is worth telling, and what did you want to reach?",
        ),
        Question(
            "Take me to a customer who had said no, or had nearly left. How did you begin the conversation?",
            "When did a customer not want to buy, and what did you do then?",
        ),
        Question(
            "Think of a target you missed. When did you see it coming?",
            "When did you not reach your numbers, and when did you know?",
        ),
        Question(
            "Tell me about a time when customers wanted something else than you had thought. How did you notice?",
            "What did you once learn about your customers that surprised you?",
        ),
        Question(
            "How did you decide where to put a limited budget, or a limited number of hours?",
            "When you could not do everything, how did you choose?",
        ),
        Question(
            "Think of a promise to a customer on which you and another team disagreed. How did you settle it?",
            "When did you disagree with colleagues about a customer, and how did it end?",
        ),
        Question(
            "Which change in the way you work brought you more results than working harder?",
            "What did you change in your work that made it work better?",
        ),
    ),
)

SUPPORT = Family(
    name="customer support and operations",
    titles=_listed(
        "customer service, customer support, customer success, customer care, support agent, support special, "
        "technical support, help desk, helpdesk, service desk, call cent, contact cent, operations, logistic, "
        "supply chain, warehouse, dispatcher, office manager, administrative assistant, secretary, executive "
        "assistant, kundendienst, kundenservice, kundenbetreu, atención al cliente, service client, "
        "procurement, purchasing, back office, receptionist, driver, courier"
    ),
    hints=_listed("tickets, support, complaint, customers, administrat, assistant, delivery"),
    intro=(
        Question(
            "What do you like about work in which other people rely on you every day?",
            "Why do you like helping customers or keeping things running?",
        ),
        Question(
            "What does a good day at work look like to you, from the first hour to the last?",
            "What happens on a day when work goes well for you?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a customer or a colleague who was upset, and with reason. What had happened?",
            "When was somebody angry because something went wrong, and what was it?",
        ),
        Question(
            "Take me to a day when everything came at once. How did you decide what came first?",
            "When was there more work than time, and with what did you begin?",
        ),
        Question(
            "Think of a problem that kept coming back until you dealt with its cause. What was behind it?",
            "Which problem did you solve for good, and how?",
        ),
        Question(
            "Tell me about a rule or a process you changed because it did not help anybody. How did you go about it?",
            "Which way of working did you improve, and how?",
        ),
        Question(
            "Describe a promise that could not be kept. How did you tell the person?",
            "When did you have to tell somebody that it would not work, and how did you say it?",
        ),
        Question(
            "When did a mistake of yours reach somebody outside, and how did you put it right?",
            "Which mistake of yours did a customer notice, and what did you do?",
        ),
        Question(
            "How did you learn a new system or product quickly enough to be of use to others?",
            "When did you have to learn something fast, and how did you do it?",
        ),
    ),
)

HEALTH = Family(
    name="healthcare and nursing",
    titles=_listed(
        "nurs, midwi, doctor, physician, paramedic, caregiver, care assistant, care worker, carer., "
        "therapist, pharmac, dentist, dental, radiograph, surgeon, medical, healthcare, health care, pflege, "
        "krankenschwester, altenpfleg, arzt., ärztin, enfermer, médic, infirmi, aide soignante, sanitäter, "
        "hebamme, veterinar, psycholog, social worker, patients, health visitor"
    ),
    hints=_listed("hospital, clinic, ward., patient, care home, icu."),
    intro=(
        Question(
            "What brought you to work with patients, and what has kept you in it?",
            "Why did you choose to care for people?",
        ),
        Question(
            "On what kind of ward, or in what kind of setting, do you do your best work?",
            "Where would you most like to work, and with which patients?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a patient whose condition changed quickly. What did you notice first?",
            "When did a patient suddenly get worse, and how did you see it?",
        ),
        Question(
            "Take me to a shift with too few hands. How did you decide who came first?",
            "When were there too few staff, and what did you do first?",
        ),
        Question(
            "Think of a family or a patient who did not agree with the care. How did you handle the conversation?",
            "When was a patient or a family unhappy, and what did you say?",
        ),
        Question(
            "Tell me about a time you spoke up because something did not seem safe. What had you seen?",
            "When did you say that something was not safe, and what happened?",
        ),
        Question(
            "Describe an error, or one that nearly happened. What did you do in the first minutes after it?",
            "When did something nearly go wrong, and what did you do right away?",
        ),
        Question(
            "How did you work with a doctor or a colleague whose decision you doubted?",
            "When did you think that a colleague was wrong, and what did you do?",
        ),
        Question(
            "Tell me about a handover that made a difference. What did you make sure was said?",
            "When was it important to pass on information well, and how did you do it?",
        ),
    ),
)

TEACHING = Family(
    name="teaching",
    titles=_listed(
        "teacher, teaching, training design, training designer, instructional design, "
        "instructional designer, lecturer, professor, tutor, educator, instructor, kindergarten, nursery, school "
        "counsel, headteacher, principal., lehrer, lehrkraft, erzieher, dozent, maestra, maestro, profesor, "
        "docente, enseignant, professeur, trainer, classroom, teach., early years"
    ),
    hints=_listed("pupils, students, school, lessons, curriculum, taught"),
    intro=(
        Question(
            "What made you want to teach, and whom do you most like to teach?",
            "Why did you become a teacher?",
        ),
        Question(
            "What should be going on in a classroom of yours when somebody walks in unannounced?",
            "What does a good lesson with you look like?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a learner who was stuck, and for whom you found a way. What was in the way?",
            "Which student did you help to get further, and what was the problem?",
        ),
        Question(
            "Take me to a lesson that did not work. When did you notice, and what did you change?",
            "Which lesson went badly, and what did you do?",
        ),
        Question(
            "Think of a group with very different levels. How did you plan for all of them?",
            "How did you teach strong and weak students at the same time?",
        ),
        Question(
            "Tell me about a difficult conversation with a parent or a carer. How did you prepare for it?",
            "When was it hard to talk with a parent, and how did it go?",
        ),
        Question(
            "Describe a time when behaviour got in the way of learning. What did you do that day?",
            "When did students disturb the lesson, and what did you do?",
        ),
        Question(
            "How did you know that your learners had really understood, and were not only repeating?",
            "How did you check that students understood you?",
        ),
        Question(
            "Which idea did you take over from a colleague, or give to one, and how did it change your lessons?",
            "What did you learn from another teacher?",
        ),
    ),
)

FINANCE = Family(
    name="finance and accounting",
    titles=_listed(
        "accountant, accounting, bookkeep, auditor, controller, financ, tax., payroll, treasur, actuar, "
        "banker, banking, credit analyst, underwrit, buchhalt, steuer, bilanz, contable, contador, comptab, "
        "insurance, cfo., investment, risk analyst, compliance"
    ),
    hints=_listed("audit, ledger, invoice, budget, bank., balance sheet"),
    intro=(
        Question(
            "Which part of finance do you like best, and what draws you to it?",
            "What do you like about working with accounts and numbers?",
        ),
        Question(
            "What can the people who use your figures count on?",
            "Why can others trust your numbers?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a mistake in the figures that you found. What made you look?",
            "When did you find an error in the numbers, and how?",
        ),
        Question(
            "Take me to a closing or a deadline that was in danger. What did you do to hold it?",
            "When was time nearly too short, and what did you do?",
        ),
        Question(
            "Think of a time when somebody wanted a number to look better than it was. How did you respond?",
            "When did somebody want you to make figures look nicer, and what did you say?",
        ),
        Question(
            "Tell me about a report or a process you made simpler or safer. What was wrong with it before?",
            "Which report or routine did you improve, and how?",
        ),
        Question(
            "How did you explain a financial matter to people who do not think in numbers?",
            "When did you explain something about money in simple words, and to whom?",
        ),
        Question(
            "Describe a forecast or an estimate of yours that turned out wrong. What had you overlooked?",
            "When was your estimate wrong, and why?",
        ),
        Question(
            "Which advice of yours saved money or kept a risk away, and how do you know?",
            "When did your work save money, and how much?",
        ),
    ),
)

PEOPLE = Family(
    name="people and human resources",
    titles=_listed(
        "human resources, hr., recruit, talent, people partner, people operations, people manager, personal "
        "referent, personalreferent, personalentwickl, headhunter, recursos humanos, ressources humaines, "
        "learning and development, employer brand, organisational development, organizational development, "
        "compensation and benefits"
    ),
    hints=_listed("hiring, onboarding, employees, candidates, training"),
    intro=(
        Question(
            "What drew you to working with people at work, rather than with products or numbers?",
            "Why did you choose to work in human resources?",
        ),
        Question(
            "Whose side are you on when the company and a person want different things?",
            "What do you do when the company and an employee disagree?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a position that was hard to fill, or a person you fought to keep. What made it hard?",
            "When was it hard to find or keep somebody, and why?",
        ),
        Question(
            "Take me to a conflict between two people at work. What was your part in it?",
            "When did you help two colleagues who were in conflict, and how?",
        ),
        Question(
            "Think of a message nobody wanted to hear. How did you prepare the conversation?",
            "When did you have to give bad news, and how did you prepare?",
        ),
        Question(
            "Tell me about something you introduced that changed how people work or learn together. Why was it needed?",
            "Which new idea did you bring in at work, and what did it change?",
        ),
        Question(
            "Describe a time when a manager wanted to decide in a way you found unfair. What did you say?",
            "When did you think that a boss was being unfair, and what did you do?",
        ),
        Question(
            "How did you find out whether a programme of yours did any good?",
            "How did you check that something you did for staff really helped?",
        ),
        Question(
            "When did you have to keep something to yourself that a colleague wanted to know, and how did you manage?",
            "How did you handle something confidential?",
        ),
    ),
)

TRADES = Family(
    name="trades and manufacturing",
    titles=_listed(
        "electrician, plumber, carpenter, welder, mechanic, machinist, machine operator, cnc., technician, "
        "construction, bricklayer, joiner, roofer, painter, fitter, production worker, production manag, "
        "manufactur, assembl, forklift, maintenance, mechanical engineer, electrical engineer, civil "
        "engineer, industrial engineer, process engineer, quality inspector, elektriker, mechatronik, "
        "schweißer, tischler, schreiner, installateur, monteur, schlosser, electricista, fontanero, soldador, "
        "carpintero, électricien, plombier, soudeur, menuisier, mécanicien, mecánico, hvac, farmer, gardener, "
        "factory"
    ),
    hints=_listed("workshop, plant., machine, site., tools, shift, production"),
    intro=(
        Question(
            "How did you come to your trade, and what do you like about it?",
            "Why did you choose this trade?",
        ),
        Question(
            "Which jobs do people call you for first?",
            "What are you known to be good at?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a job that was harder than it looked. What did you find when you got there?",
            "Which job was difficult, and why?",
        ),
        Question(
            "Take me to a fault or a breakdown you had to find. How did you go about it?",
            "When did something break down, and how did you find the fault?",
        ),
        Question(
            "Think of a moment when safety and speed were at odds. Which way did you go?",
            "When did somebody want you to hurry and it was not safe, and what did you do?",
        ),
        Question(
            "Tell me about a piece of work that had to be done again. What had gone wrong?",
            "Which work did you have to redo, and why?",
        ),
        Question(
            "How did you make a job go better the second time: less waste, less time, fewer faults?",
            "What did you change so that a job went better?",
        ),
        Question(
            "Describe a disagreement on site, with a customer, a foreman or another trade. What was your part in it?",
            "When did you disagree with somebody at work, and how did it end?",
        ),
        Question(
            "Whom have you taught the work, and how did you go about it?",
            "When did you show somebody how to do the job?",
        ),
    ),
)

HOSPITALITY = Family(
    name="hospitality and retail",
    titles=_listed(
        "waiter, waitress, barista, bartender, chef., cook., kitchen, hotel, restaurant, housekeep, "
        "concierge, retail, shop assistant, store manager, cashier, sales assistant, store associate, flight "
        "attendant, cabin crew, tour guide, event manager, catering, kellner, koch., köchin, verkäufer, "
        "camarer, cociner, dependient, serveu, cuisini, vendeu, hairdress, beautician, cleaner, sous chef, "
        "front desk, barkeep"
    ),
    hints=_listed("guests, shop., store, café, cafe., bar., tables, till."),
    intro=(
        Question(
            "What do you like about working with guests or customers face to face?",
            "Why do you enjoy serving people?",
        ),
        Question(
            "Which place you know as a guest gets service right, and what would you take over from it?",
            "Which shop or restaurant do you find good, and why?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a guest or a customer who came with a complaint. What was it about?",
            "When did a guest complain, and what was the problem?",
        ),
        Question(
            "Take me to the busiest shift you remember. What was your job in it?",
            "Which working day was the hardest, and what did you have to do?",
        ),
        Question(
            "Think of a colleague who did not turn up, or hardly worked. How did you get through the shift?",
            "When did you have to work with too few people, and how did you manage?",
        ),
        Question(
            "Tell me about something you did for a guest that nobody had asked of you. What made you do it?",
            "When did you do something extra for a customer, and what was it?",
        ),
        Question(
            "Describe a mistake during service: a wrong order, a wrong bill, a late meal. How did you put it right?",
            "Which mistake happened at work, and how did you solve it?",
        ),
        Question(
            "How did you sell more, waste less or save time, without the guest noticing anything but good service?",
            "What did you improve at your workplace?",
        ),
        Question(
            "When did you train somebody new, and what did you show them first?",
            "How did you help a new colleague to start?",
        ),
    ),
)

GENERAL = Family(
    name="any work",
    titles=(),
    hints=(),
    intro=(
        Question(
            "What is it about this kind of work that draws you, and why now?",
            "Why do you want to do this work?",
        ),
        Question(
            "What are you looking for in your next position that you do not have today?",
            "What should be better in your next job?",
        ),
        Question(
            "Which two or three strengths would you bring with you on the first day?",
            "What are you good at?",
        ),
        Question(
            "How did you get from your first job to where you are today?",
            "Which jobs have you had so far?",
        ),
        Question(
            "What would a colleague who likes working with you say about you?",
            "What do other people like about working with you?",
        ),
        Question(
            "What do you want to be able to do in two years that you cannot do yet?",
            "What would you like to learn next?",
        ),
        Question(
            "In what kind of team do you do your best work?",
            "With what sort of people do you like to work?",
        ),
        Question(
            "What do you do on an ordinary day at work, or in your studies?",
            "What does a normal day of yours look like?",
        ),
        Question(
            "Which part of your last position would you gladly leave behind?",
            "What did you not like in your last job?",
        ),
        Question(
            "What did you learn outside work that helps you at work?",
            "Which hobby or experience helps you in your job?",
        ),
        Question(
            "How do you notice at the end of a week that it was a good one?",
            "When are you content with a week of work?",
        ),
        Question(
            "What should I know about you that is not in a CV?",
            "What else is good to know about you?",
        ),
        Question(
            "Which choice in your working life would you make again without thinking twice?",
            "Which decision about your work was a good one?",
        ),
        Question(
            "What do people come to you for when they need help?",
            "What do others often ask you to do?",
        ),
        Question(
            "Who taught you most about your work, and what was it?",
            "From whom did you learn much?",
        ),
        Question(
            "What would you need from a manager in the first three months?",
            "How can a boss help you to start well?",
        ),
        Question(
            "Which kind of task makes you forget the time?",
            "What do you really enjoy doing?",
        ),
        Question(
            "What matters more to you at work today than it did five years ago?",
            "What has become important to you at work?",
        ),
        Question(
            "Which question about your path do interviewers usually ask you?",
            "What do people often want to know about your career?",
        ),
        Question(
            "What made you choose your training or your studies?",
            "Why did you learn what you learned?",
        ),
        Question(
            "If you took this kind of position, what would you want to have done after half a year?",
            "What would you like to reach in your first six months?",
        ),
        Question(
            "Which conditions at work would make you turn an offer down?",
            "When would you say no to a job?",
        ),
    ),
    experience=(
        Question(
            "Tell me about a piece of work you are ready to be judged by. What had to be done?",
            "Which work of yours went well, and what was it?",
        ),
        Question(
            "Take me to a problem at work that had no obvious answer. How did you go at it?",
            "When did you have a hard problem, and how did you begin?",
        ),
        Question(
            "Think of a time when you and somebody at work saw things differently. How did you two settle it?",
            "When did you disagree with somebody at work, and what happened?",
        ),
        Question(
            "Tell me about a mistake of yours that taught you something. What happened?",
            "Which mistake did you learn from?",
        ),
        Question(
            "Describe a time when there was more to do than time to do it. How did you choose?",
            "When did you have too much to do, and what did you do first?",
        ),
        Question(
            "Tell me about something at work that is better today because of you. How did you begin?",
            "What did you improve, and how?",
        ),
        Question(
            "When did you last have to learn something quickly, and how did you go about it?",
            "What did you have to learn fast?",
        ),
        Question(
            "Think of a time when somebody relied on you and it got difficult. What did you do for them?",
            "When was it hard to keep a promise?",
        ),
        Question(
            "Tell me about feedback that was hard to hear. What did you change after it?",
            "When did somebody criticise you, and what did you do then?",
        ),
        Question(
            "Take me to a decision you had to make without asking anybody. What did you weigh up?",
            "When did you decide something alone, and how?",
        ),
        Question(
            "Tell me about a time you helped a colleague to get further. How did you help?",
            "Whom did you help at work, and how?",
        ),
        Question(
            "Describe a plan of yours that did not work out. When did you let go of it?",
            "Which plan of yours failed, and when did you see it?",
        ),
        Question(
            "Think of a change at work that you had not wished for. How did you deal with it?",
            "When did something change that you did not like, and what did you do?",
        ),
        Question(
            "Tell me about a time you had to win somebody over. What convinced them?",
            "When did you convince somebody, and how?",
        ),
        Question(
            "When did you ask for help at work, and what did it change?",
            "When did you need help?",
        ),
        Question(
            "Take me to a moment when quality and speed pulled in different directions. What did you choose?",
            "When was there no time to do it well, and what did you do?",
        ),
        Question(
            "Tell me about something difficult you had to tell somebody. How did you put it?",
            "When did you have to say something unpleasant?",
        ),
        Question(
            "Which task did you take on although nobody had asked you to, and why?",
            "What did you do at work without being asked?",
        ),
        Question(
            "Think of a team you were part of that worked well. What did you add to it?",
            "What was your part in a good team?",
        ),
        Question(
            "Describe the most careful piece of work you have done. Where could it have gone wrong?",
            "When did you have to be very careful?",
        ),
        Question(
            "Tell me about a time you said no at work. What made you say it?",
            "When did you refuse to do something, and why?",
        ),
        Question(
            "What would you do differently if you could do your last larger task again?",
            "What would you change about something you did?",
        ),
        Question(
            "If none of this was at work: what did you manage in studies, at home or as a volunteer that was hard?",
            "What did you manage outside work that was not easy?",
        ),
        Question(
            "Which day at work in the last year do you remember best, and what did you do on it?",
            "Which working day do you still remember?",
        ),
    ),
)

FAMILIES = (
    SOFTWARE,
    DATA,
    PRODUCT,
    DESIGN,
    SALES,
    SUPPORT,
    HEALTH,
    TEACHING,
    FINANCE,
    PEOPLE,
    TRADES,
    HOSPITALITY,
)
