"""What the course asks of a JupyterHub, whichever way it is run. docs/hub.md says why.

On The Littlest JupyterHub this file goes into the folder jupyterhub_config.d; the configuration of
a hub of your own reads it with `load_subconfig("jupyterhub_config.py")`. Who may log in, and where
servers run, is not said here: that is the hub's own affair.
"""

c = get_config()  # noqa: F821  JupyterHub provides it

# A learner with one notebook of the course. JupyterHub counts a G as 2**30 bytes.
c.Spawner.mem_limit = "1.5G"
c.Spawner.mem_guarantee = "1G"
c.Spawner.cpu_limit = 2
c.Spawner.cpu_guarantee = 0.33

# A class starts within the same minute, on a machine that is busy starting the others. Whoever
# comes while so many servers are starting is sent away, so it must be no less than the class.
c.JupyterHub.concurrent_spawn_limit = 100
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

c.Spawner.default_url = "/lab"
c.Spawner.args = [
    # A kernel that nobody has used for half an hour gives its memory back, also when its notebook
    # is still open. What is done stays done; the learner runs the notebook again from the top.
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--MappingKernelManager.cull_interval=120",
    "--MappingKernelManager.cull_connected=True",
]
