FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt /
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --only-binary=:all: --requirement /requirements.txt

FROM python:3.11-slim-bookworm
# With PORTAL_VENV, manage.py knows that its environment is ready.
ENV PATH=/venv/bin:$PATH PORTAL_VENV=/venv PYTHONUNBUFFERED=1 \
    PORTAL_VAR=/var/lib/portal STATIC_ROOT=/srv/static
RUN useradd --system --uid 1000 portal \
    && install --directory --owner portal --mode 0700 \
       /var/lib/portal /var/lib/portal/uploads \
    && install --directory /srv/static
COPY --from=packages /venv /venv
COPY . /srv/portal
WORKDIR /srv/portal
ENV PORTAL_ENV=production
# Compiles the message catalogues on the way. The values are for this step alone.
RUN key() { python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())'; } \
    && SECRET_KEY="$(key)$(key)" PERSON_KEY_SECRET="$(key)" \
       NUMBER_KEYS="{\"1\": \"$(key)\"}" \
       ALLOWED_HOSTS=localhost DATABASE_URL=postgresql://none/none REDIS_URL=redis://none \
       EMAIL_URL=smtp://none DEFAULT_FROM_EMAIL=none@example.org \
       python manage.py collectstatic --no-input
USER 1000
VOLUME /var/lib/portal
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]
