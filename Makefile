# The targets of the Django system, as thin calls. `make up down logs` run the containers; everything else runs
# here, or with `make IN=docker …` in a container.
CROSSBORDER = $(if $(filter docker,$(IN)),docker compose run --rm cli,node bin/run.js)
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: setup up down logs status migrate createsuperuser seed dev worker beat flower test reset-db db-shell build help

setup: ## install, build, and make a .env to edit
	npm ci --ignore-scripts
	npm run build
	test -e .env || cp .env.example .env

build: ## compile
	npm run build

up: ## start every service and role in containers (without Docker: npm start)
	docker compose up --build --detach

down: ## stop the containers; the data stays
	docker compose down

logs: ## follow their logs
	docker compose logs --follow $(ARGS)

status: ## what runs, and how it is
	$(CROSSBORDER) status $(ARGS)

migrate: ## bring the database up to date
	$(CROSSBORDER) migrate $(ARGS)

createsuperuser: ## create an administrator
	$(CROSSBORDER) create-superuser $(ARGS)

seed: ## load the sample catalogue
	$(CROSSBORDER) seed $(ARGS)

dev: build ## everything in one process, on a SQLite file
	$(CROSSBORDER) up $(ARGS)

worker: ## run jobs and event consumers
	$(CROSSBORDER) worker $(ARGS)

beat: ## turn schedules into jobs
	$(CROSSBORDER) scheduler $(ARGS)

flower: ## the dashboard: workers, queues, jobs, schedules (http://127.0.0.1:5555)
	$(CROSSBORDER) monitor $(ARGS)

test: ## all tests
	npm test

reset-db: ## drop, migrate and reseed the database
	$(CROSSBORDER) reset-db $(ARGS)

db-shell: ## the database's own client
	$(if $(filter docker,$(IN)),docker compose exec mysql sh -c 'MYSQL_PWD="$$MYSQL_PASSWORD" exec mysql --user="$$MYSQL_USER" "$$MYSQL_DATABASE"',$(CROSSBORDER) db-shell $(ARGS))

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
